import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { t } from '@vscode/l10n'
import * as v from 'valibot'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { type OperationEvent, operationEvent, type PlanEvent, type ReportEvent } from '../contracts/operation.ts'
import { askedFile, idOfJournal } from './journal.ts'
import { readLock } from './lock.ts'
import { isOperationId } from './operation-id.ts'
import { type OperationOptions, operationOptions } from './options.ts'
import { stateOf } from './owner.ts'

/** One operation as its journal tells it. `interrupted`: it has no report, and its process is gone. */
export interface OperationSummary {
  id: string
  state: 'running' | ReportEvent['outcome'] | 'interrupted'
  plan: PlanEvent | undefined
  report: ReportEvent | undefined
  file: string
}

/** What a journal holds. `unreadable` counts lines that are no event of ours; a last line without its end is torn, not unreadable. */
export interface JournalContent {
  events: OperationEvent[]
  unreadable: number
  torn: boolean
}

/** The text of a journal as events, each checked against the contract. */
export function parseJournal(text: string): JournalContent {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  const events = lines.filter((line) => line !== '').map(parseLine)
  const good = events.filter((event) => event !== undefined)
  return { events: good, unreadable: events.length - good.length, torn: rest !== '' }
}

function parseLine(line: string): OperationEvent | undefined {
  try {
    const parsed = v.safeParse(operationEvent, JSON.parse(line))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}

/** Every journal below a state root, with the id of its operation, newest first. Nothing is read. */
export function findJournals(root: string): { id: string; file: string }[] {
  return journalFiles(root)
    .map((file) => ({ id: idOfJournal(basename(file)) ?? '', file }))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
}

/** True while the process of the operation with this journal lives, or may live: that of another machine cannot be asked. */
export function isRunning({ id, file }: { id: string; file: string }): boolean {
  return runsIn(dirname(file), id)
}

/** All operations below a state root that can be read, newest first. */
export function listOperations(root: string): OperationSummary[] {
  return findJournals(root).map(({ file }) => summary(file))
}

/** Events of one operation so far. @throws LOCO-OPS-010 */
export function readOperation(root: string, id: string): JournalContent & { summary: OperationSummary } {
  const file = find(root, id)
  return { ...parseJournal(readFileSync(file, 'utf8')), summary: summary(file) }
}

/**
 * What an operation was asked to do, so that it can be asked again. Nothing else of it is believed: the new run looks at every step anew.
 * @throws LOCO-OPS-010 when there is no such operation, or its wishes were not kept
 */
export function askedOf(root: string, id: string): OperationOptions {
  const file = askedFile(find(root, id))
  try {
    return v.parse(operationOptions, JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new LocoError('LOCO-OPS-010', {
      what: t`What operation ${id} was asked to do is not known any more.`,
      fix: [t('Run the command again with its options.'), 'loco operations list'],
      evidence: [file],
      cause: error,
    })
  }
}

/**
 * Events of one operation from its beginning, going on until its report, or until its process is gone.
 * @throws LOCO-OPS-010; LOCO-OPS-011 at the end when the process died without a report; the signal's reason
 */
export async function* followOperation(root: string, id: string, options: { signal?: AbortSignal; clock?: Clock } = {}): AsyncGenerator<OperationEvent> {
  const { signal, clock = systemClock } = options
  const file = await open(find(root, id))
  try {
    const buffer = Buffer.alloc(64 * 1024)
    let rest = Buffer.alloc(0)
    for (;;) {
      // Asked before reading: what a process wrote before it ended is then surely seen.
      const alive = runs(root, id)
      for (let read = await file.read(buffer, 0, buffer.length); read.bytesRead > 0; read = await file.read(buffer, 0, buffer.length)) {
        rest = Buffer.concat([rest, buffer.subarray(0, read.bytesRead)])
        const end = rest.lastIndexOf('\n') + 1
        for (const event of parseJournal(rest.subarray(0, end).toString('utf8')).events) {
          yield event
          if (event.kind === 'report') return
        }
        rest = rest.subarray(end)
      }
      if (!alive) throw ended(id)
      await clock.sleep(100, signal)
    }
  } finally {
    await file.close()
  }
}

/**
 * Asks the process of an operation to stop at its next safe point; asked again, to stop at once. Works for any process that may write the folder,
 * on every system, which a signal does not.
 * @throws LOCO-OPS-010 unknown; LOCO-OPS-011 it does not run
 */
export function requestCancel(root: string, id: string): void {
  const file = find(root, id)
  if (!runs(root, id)) throw ended(id)
  writeFileSync(join(dirname(file), cancelFile(id)), 'cancel\n', { flag: 'a', mode: 0o600 })
}

/** How often an operation was asked to stop. */
export function cancelRequests(folder: string, id: string): number {
  try {
    return statSync(join(folder, cancelFile(id))).size > 'cancel\n'.length ? 2 : 1
  } catch {
    return 0
  }
}

export function removeCancelRequest(folder: string, id: string): void {
  rmSync(join(folder, cancelFile(id)), { force: true })
}

const cancelFile = (id: string): string => `${id}.cancel`

function journalFiles(root: string): string[] {
  return folders(root)
    .flatMap(folders)
    .flatMap((folder) =>
      entries(folder)
        .filter((name) => isOperationId(idOfJournal(name) ?? ''))
        .map((name) => join(folder, name)),
    )
}

function find(root: string, id: string): string {
  const look = (): string | undefined => journalFiles(root).find((path) => idOfJournal(basename(path)) === id)
  // Looked for twice: a journal that moves to the folder of its cluster between two glances of the first look is missed by it.
  const file = isOperationId(id) ? (look() ?? look()) : undefined
  if (file !== undefined) return file
  throw new LocoError('LOCO-OPS-010', { what: t`There is no operation ${id}.`, fix: ['loco operations list'], evidence: [root] })
}

function summary(file: string): OperationSummary {
  const { events } = parseJournal(readFileSync(file, 'utf8'))
  const id = idOfJournal(basename(file)) ?? ''
  const report = events.find((event) => event.kind === 'report')
  const plan = events.find((event) => event.kind === 'plan')
  return { id, state: report?.outcome ?? (runsIn(dirname(file), id) ? 'running' : 'interrupted'), plan, report, file }
}

/** The journal may have been moved since it was found, so its folder is looked up anew. */
const runs = (root: string, id: string): boolean => runsIn(dirname(find(root, id)), id)

function runsIn(folder: string, id: string): boolean {
  const lock = readLock(folder)
  return lock !== undefined && lock.op === id && stateOf(lock.owner) !== 'dead'
}

function ended(id: string): LocoError {
  return new LocoError('LOCO-OPS-011', {
    what: t`The operation ${id} does not run.`,
    fix: [`loco operations show ${id}`, t('Run the same command again: it goes on from what stands.')],
  })
}

function folders(path: string): string[] {
  return entries(path)
    .map((name) => join(path, name))
    .filter((child) => isFolder(child))
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Names in a folder; none when it does not exist or may not be read. */
function entries(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
