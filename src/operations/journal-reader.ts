import { open } from 'node:fs/promises'
import type { OperationEvent } from '../contracts/operation.ts'
import { parseJournal } from './journals.ts'

/** Reads a journal piece by piece as it grows: only what is new since the last time. Survives its move to another folder. */
export class JournalReader {
  #offset = 0
  #rest = Buffer.alloc(0)
  /** The report has been read, after which nothing comes. */
  #complete = false

  get complete(): boolean {
    return this.#complete
  }

  /** Events since the last call. @param file where the journal lies now @throws Node's errors for a file that cannot be read */
  async read(file: string): Promise<OperationEvent[]> {
    if (this.#complete) return []
    const handle = await open(file)
    try {
      const size = (await handle.stat()).size
      if (size <= this.#offset) return []
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - this.#offset), 0, size - this.#offset, this.#offset)
      this.#offset += bytesRead
      const all = Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)])
      const end = all.lastIndexOf('\n') + 1
      this.#rest = all.subarray(end)
      const { events } = parseJournal(all.subarray(0, end).toString('utf8'))
      this.#complete = events.some(({ kind }) => kind === 'report')
      return events
    } finally {
      await handle.close()
    }
  }
}
