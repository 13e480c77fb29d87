import { statSync } from 'node:fs'
import type { OperationEvent } from '../contracts/operation.ts'
import { JournalReader } from './journal-reader.ts'
import { findJournals, isRunning } from './journals.ts'
import { type OperationState, unread, withEvent } from './operation-state.ts'

/** An operation as its journal tells it now. */
export interface BookEntry {
  readonly id: string
  readonly file: string
  readonly state: OperationState
  /** `interrupted`: it has no report, and its process is gone. */
  readonly standing: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted'
}

interface Page {
  reader: JournalReader
  state: OperationState
  size: number
}

/** The latest operations of a state root, kept up to date by reading only what was added to their journals. */
export class OperationsBook {
  readonly #root: string
  readonly #limit: number
  readonly #pages = new Map<string, Page>()
  #reading: Promise<BookEntry[]> | undefined

  /** `limit`: how many operations, the newest. */
  constructor(root: string, limit = 50) {
    this.#root = root
    this.#limit = limit
  }

  /** All entries as they are now, newest first. Calls that overlap share one reading. */
  read(): Promise<BookEntry[]> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #read(): Promise<BookEntry[]> {
    const journals = findJournals(this.#root).slice(0, this.#limit)
    for (const id of this.#pages.keys()) if (!journals.some((journal) => journal.id === id)) this.#pages.delete(id)
    const entries: BookEntry[] = []
    for (const { id, file } of journals) {
      // Asked before reading: what a process wrote before it ended is then surely seen.
      const alive = this.#pages.get(id)?.reader.complete !== true && isRunning({ id, file })
      const state = await this.#stateOf(id, file)
      entries.push({ id, file, state, standing: state.report?.outcome ?? (alive ? 'running' : 'interrupted') })
    }
    return entries
  }

  async #stateOf(id: string, file: string): Promise<OperationState> {
    const page = this.#pages.get(id) ?? { reader: new JournalReader(), state: unread(id), size: 0 }
    this.#pages.set(id, page)
    const size = sizeOf(file)
    if (size === page.size) return page.state
    page.size = size
    page.state = (await eventsOf(page.reader, file)).reduce(withEvent, page.state)
    return page.state
  }
}

/** A journal that was removed or moved since it was found is read the next time. */
async function eventsOf(reader: JournalReader, file: string): Promise<OperationEvent[]> {
  try {
    return await reader.read(file)
  } catch {
    return []
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** The newest operation of each fleet that has ended with a report. `entries` are newest first. */
export function latestOfEachFleet(entries: readonly BookEntry[]): BookEntry[] {
  const seen = new Set<string>()
  return entries.filter(({ state }) => {
    if (state.plan === undefined || state.report === undefined || state.report.outcome === 'cancelled') return false
    const { server, namespace, release } = state.plan.target
    const fleet = JSON.stringify([server, namespace, release])
    return !seen.has(fleet) && seen.add(fleet)
  })
}
