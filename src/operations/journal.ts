import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { OperationEvent } from '../contracts/operation.ts'
import type { EventSink } from './events.ts'
import type { OperationOptions } from './options.ts'
import { handOver, makeFolder, type Person } from './state-folder.ts'

const ending = '.jsonl'
/** Beside each journal lies what the operation was asked to do: values may be in it, so it is not part of what views read. */
const askedEnding = '.asked.json'
/** Journals that are kept in a folder, the new one included. */
const keep = 50

/**
 * The typed events of one operation, one JSON object a line, in a file that only this process writes. Each event is in the file when `emit` returns
 * (it survives the death of this process); at the end it is on the disk.
 */
export class Journal implements EventSink {
  readonly #id: string
  readonly #file: number
  readonly #person: Person
  #folder: string
  #problem: LocoError | undefined

  /** Begins a journal, and removes the oldest ones of the folder. @throws LOCO-OPS-012 when it cannot be written */
  constructor(folder: string, id: string, person: Person, asked?: OperationOptions) {
    this.#id = id
    this.#folder = folder
    this.#person = person
    try {
      makeFolder(folder, person)
      prune(folder)
      this.#file = openSync(this.path, 'ax', 0o600)
      handOver(this.path, person)
      if (asked !== undefined) {
        writeFileSync(this.#askedPath, `${JSON.stringify(asked)}\n`, { mode: 0o600 })
        handOver(this.#askedPath, person)
      }
    } catch (error) {
      throw unwritable(this.path, error)
    }
  }

  get folder(): string {
    return this.#folder
  }

  get path(): string {
    return join(this.#folder, `${this.#id}${ending}`)
  }

  /** Why later events are not in the file; the operation goes on without a journal. */
  get problem(): LocoError | undefined {
    return this.#problem
  }

  emit(event: OperationEvent): void {
    if (this.#problem !== undefined) return
    try {
      writeSync(this.#file, `${JSON.stringify(event)}\n`)
    } catch (error) {
      this.#problem = unwritable(this.path, error)
    }
  }

  /** Moves the file to another folder of the same state root: the cluster that was brought up now has a name. Readers keep what they opened. */
  moveTo(folder: string): void {
    if (folder === this.#folder) return
    makeFolder(folder, this.#person)
    for (const end of [ending, askedEnding]) {
      const from = join(this.#folder, `${this.#id}${end}`)
      if (existsSync(from)) renameSync(from, join(folder, `${this.#id}${end}`))
    }
    this.#folder = folder
  }

  get #askedPath(): string {
    return join(this.#folder, `${this.#id}${askedEnding}`)
  }

  close(): void {
    try {
      fsyncSync(this.#file)
    } catch (error) {
      this.#problem ??= unwritable(this.path, error)
    }
    closeSync(this.#file)
  }
}

/** Where the wishes of the operation with this journal lie. */
export const askedFile = (journal: string): string => `${journal.slice(0, -ending.length)}${askedEnding}`

/** The id in the name of a journal; undefined for other files. */
export function idOfJournal(name: string): string | undefined {
  return name.endsWith(ending) ? name.slice(0, -ending.length) : undefined
}

/** Ids sort by time, so the first names are the oldest. */
function prune(folder: string): void {
  const journals = readdirSync(folder)
    .filter((name) => idOfJournal(name) !== undefined)
    .sort()
  for (const name of journals.slice(0, Math.max(0, journals.length - keep + 1))) {
    const journal = join(folder, name)
    for (const file of [journal, askedFile(journal)]) rmSync(file, { force: true })
  }
}

function unwritable(path: string, cause: unknown): LocoError {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new LocoError('LOCO-OPS-012', {
    what: t`The journal ${path} cannot be written.`,
    why: t`The system says: ${words}.`,
    fix: ['df -h ~ && ls -ld ~/.local/state/loco', t('or choose another folder: export XDG_STATE_HOME=FOLDER')],
    evidence: [words],
    cause,
  })
}
