import { StringDecoder } from 'node:string_decoder'

/** Takes a stream of server-sent events in any pieces and gives the data of each event that is complete. Comments and other fields are passed over. */
export class ServerSentEvents {
  readonly #decoder = new StringDecoder('utf8')
  readonly #longest: number
  #rest = ''
  #data: string[] = []

  /** `longest`: characters that one event may have. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** @throws RangeError for an event without end */
  push(piece: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(piece)).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    const events: string[] = []
    for (const line of lines) {
      if (line === '' && this.#data.length > 0) {
        events.push(this.#data.join('\n'))
        this.#data = []
      } else if (line.startsWith('data:')) this.#data.push(line.slice(5).replace(/^ /, ''))
    }
    if (this.#rest.length + this.#data.reduce((sum, line) => sum + line.length, 0) > this.#longest) throw new RangeError('an event is too long')
    return events
  }
}
