import { clientMessage } from './rfb/messages.ts'

/** Which keys and buttons a viewer holds down, so that they can be let go for it: when it may no longer drive, nobody else would. */
export class Held {
  readonly #keys = new Map<string, Buffer>()
  #pointer: Buffer | undefined

  /** The buttons of the pointer that are down, as a mask; undefined before the pointer came. */
  get buttons(): number | undefined {
    return this.#pointer?.readUInt8(1)
  }

  /** Looks at a message that goes to the server. */
  note(type: number, message: Buffer): void {
    if (type === clientMessage.pointer) this.#pointer = message
    if (type === clientMessage.key) this.#note(message.readUInt8(1) !== 0, `sym ${message.readUInt32BE(4)}`, message)
    if (type === clientMessage.qemu) this.#note(message.readUInt16BE(2) !== 0, `code ${message.readUInt32BE(8)}`, message)
  }

  /** Messages that let go of everything, last pressed first. */
  release(): Buffer[] {
    const messages = [...this.#keys.values()].toReversed().map((down) => {
      const up = Buffer.from(down)
      if (up.readUInt8(0) === clientMessage.key) up.writeUInt8(0, 1)
      else up.writeUInt16BE(0, 2)
      return up
    })
    if (this.#pointer !== undefined && this.#pointer.readUInt8(1) !== 0) {
      const up = Buffer.from(this.#pointer)
      up.writeUInt8(0, 1)
      messages.push(up)
    }
    this.#keys.clear()
    this.#pointer = undefined
    return messages
  }

  #note(down: boolean, key: string, message: Buffer): void {
    if (down) this.#keys.set(key, message)
    else this.#keys.delete(key)
  }
}
