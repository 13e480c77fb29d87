import { encoding } from './encodings.ts'
import type { Size } from './limits.ts'

/** Types of the messages that viewers send. */
export const clientMessage = {
  setPixelFormat: 0,
  setEncodings: 2,
  updateRequest: 3,
  key: 4,
  pointer: 5,
  cutText: 6,
  continuousUpdates: 150,
  fence: 248,
  setDesktopSize: 251,
  qemu: 255,
} as const

export const version = Buffer.from('RFB 003.008\n', 'latin1')

/** Asks for an update: of what changed, or (`whole`) of everything, changed or not. QEMU remembers one wish, not how often it was asked. */
export function updateRequest({ width, height }: Size, whole: boolean): Buffer {
  const message = Buffer.alloc(10)
  message.writeUInt8(clientMessage.updateRequest, 0)
  message.writeUInt8(whole ? 0 : 1, 1)
  message.writeUInt16BE(width, 6)
  message.writeUInt16BE(height, 8)
  return message
}

/**
 * A message that does nothing but wake QEMU's look at the screen, which slows down while nothing is sent (30 ms, then 50 ms more each time, up to 3 s) and
 * comes back to 30 ms on any message above type 3. This one tells that the viewer has the clipboard's extension, which QEMU reads and forgets;
 * a pointer event, the usual way, would move the pointer of somebody else. Only for servers that told that they have the extension.
 */
export const wake: Buffer = cutTextExtension(1 << 24)

function cutTextExtension(flags: number): Buffer {
  const message = Buffer.alloc(12)
  message.writeUInt8(clientMessage.cutText, 0)
  message.writeInt32BE(-4, 4)
  message.writeUInt32BE(flags, 8)
  return message
}

export function setEncodings(encodings: readonly number[]): Buffer {
  const message = Buffer.alloc(4 + encodings.length * 4)
  message.writeUInt8(clientMessage.setEncodings, 0)
  message.writeUInt16BE(encodings.length, 2)
  for (const [n, number] of encodings.entries()) message.writeInt32BE(number, 4 + n * 4)
  return message
}

/** To a viewer: it may have updates without asking for each (it answers by enabling them). */
export const continuousUpdatesOffer: Buffer = Buffer.from([150])

const fenceRequest = 0x80000001

/** To a viewer: answer once everything before this is drawn. */
export function fence(number: number): Buffer {
  const message = Buffer.alloc(13)
  message.writeUInt8(248, 0)
  message.writeUInt32BE(fenceRequest, 4)
  message.writeUInt8(4, 8)
  message.writeUInt32BE(number >>> 0, 9)
  return message
}

/** A viewer's encodings, as numbers. */
export function readEncodings(message: Buffer): number[] {
  return Array.from({ length: message.readUInt16BE(2) }, (_, n) => message.readInt32BE(4 + n * 4))
}

/** The number of a fence that a viewer answers; undefined for a fence that is none of ours. */
export const readFence = (message: Buffer): number | undefined => (message.length === 13 ? message.readUInt32BE(9) : undefined)

export const offersFence = (encodings: readonly number[]): boolean => encodings.includes(encoding.fence)
export const offersContinuousUpdates = (encodings: readonly number[]): boolean => encodings.includes(encoding.continuousUpdates)
