import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import * as v from 'valibot'
import { type Disposable, disposable } from '../base/disposable.ts'
import { LocoError } from '../base/error.ts'
import { operationKind } from '../contracts/operation.ts'
import { owner, ownerText, stateOf, thisProcess } from './owner.ts'
import { handOver, makeFolder, type Person } from './state-folder.ts'

const lockContent = v.object({ schema: v.literal('loco.lock/1'), op: v.string(), operation: operationKind, owner })
/** Who works in a namespace. */
export type LockContent = v.InferOutput<typeof lockContent>

const nameOfLock = 'lock'

/**
 * Takes the lock of a namespace for this process; disposing lets go. The lock of an owner that is dead is taken over.
 * @throws LOCO-OPS-001 while another operation of this person runs there
 */
export function takeLock(folder: string, work: Pick<LockContent, 'op' | 'operation'>, person: Person): Disposable {
  makeFolder(folder, person)
  const path = join(folder, nameOfLock)
  const content: LockContent = { schema: 'loco.lock/1', ...work, owner: thisProcess() }
  // Written aside and linked into place: a lock that exists is always whole, and of two that try only one succeeds.
  const aside = join(folder, `${nameOfLock}.${process.pid}.${work.op}`)
  writeFileSync(aside, `${JSON.stringify(content)}\n`, { mode: 0o600 })
  try {
    handOver(aside, person)
    for (let attempt = 0; !linked(aside, path); attempt += 1) {
      const holder = readLock(folder)
      if (holder !== undefined && (stateOf(holder.owner) !== 'dead' || attempt > 9)) throw held(holder, path)
      if (holder !== undefined) takeAway(path, holder)
    }
  } finally {
    rmSync(aside, { force: true })
  }
  return disposable(() => {
    if (readLock(folder)?.op === work.op) rmSync(path, { force: true })
  })
}

/** Who holds the lock of a namespace, dead or alive; undefined when nobody does. */
export function readLock(folder: string): LockContent | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, nameOfLock), 'utf8')
  } catch {
    return undefined
  }
  try {
    const parsed = v.safeParse(lockContent, JSON.parse(text))
    if (parsed.success) return parsed.output
  } catch {
    // falls through: no JSON
  }
  // Not a lock of ours (a disk that was full, another version): it cannot say who lives, so nobody is known to.
  return { schema: 'loco.lock/1', op: '', operation: 'bootstrap', owner: { ...thisProcess(), pid: -1, started: null } }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes the lock of a dead owner. Renaming first makes sure that it is still that one: another process may have taken over meanwhile. */
function takeAway(path: string, holder: LockContent): void {
  const stale = `${path}.stale.${process.pid}`
  try {
    renameSync(path, stale)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = readFileSync(stale, 'utf8')
  if (holder.op !== '' && !taken.includes(`"${holder.op}"`)) linked(stale, path)
  rmSync(stale, { force: true })
}

function held({ op, operation, owner }: LockContent, path: string): LocoError {
  const elsewhere = stateOf(owner) === 'elsewhere'
  return new LocoError('LOCO-OPS-001', {
    what: t`Another operation (${operation} ${op}) works on this namespace.`,
    why: ownerText(owner),
    fix: [
      `loco operations attach ${op}`,
      `loco operations cancel ${op}`,
      ...(elsewhere ? [t`or, when that machine no longer runs it, remove the lock: rm ${path}`] : []),
    ],
    evidence: [path],
  })
}
