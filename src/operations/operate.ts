import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import type { OperationKind, PlanEvent, ReportEvent, Target } from '../contracts/operation.ts'
import type { EventSink } from './events.ts'
import { Journal } from './journal.ts'
import { cancelRequests, removeCancelRequest } from './journals.ts'
import { takeLock } from './lock.ts'
import type { OperationOptions } from './options.ts'
import { runOperation, type StepList } from './runner.ts'
import { namespaceFolder, type Person } from './state-folder.ts'

/** How often a wish to cancel is looked for, in milliseconds. */
const cancelInterval = 200

export interface Operated extends StepList {
  id: string
  operation: OperationKind
  asked: OperationOptions
  target: Target
  losses: readonly string[]
  warnings?: readonly string[]
  baseDisk?: PlanEvent['baseDisk']
  proveTarget: () => Promise<void>
}

export interface OperateHost {
  /** Where journals and locks lie (state-folder.ts). */
  root: string
  person: Person
  sinks: readonly EventSink[]
  /** A person's first and second wish to stop. */
  signal: AbortSignal
  force: AbortSignal
  /** Only the plan: no lock is taken and no journal written. */
  planOnly?: boolean
  log?: Logger
  clock?: Clock
}

/** What a running operation is told from the side. */
export interface OperationControl {
  /** The cluster has a name now: its namespace is locked, too, and the journal moves to its folder. @throws LOCO-OPS-001 */
  settle(clusterUid: string): void
  /** Stops the operation as failed at the next safe point, because of this error. */
  fail(error: Error): void
}

/**
 * Runs an operation in this process: under the lock of its namespace, with a journal that this process alone writes, ready to be cancelled from elsewhere.
 * @throws LOCO-OPS-001 while another one runs there; LOCO-OPS-012 when no journal can be written. What fails later is in the report.
 */
export async function operate(make: (control: OperationControl) => Operated, host: OperateHost): Promise<ReportEvent> {
  const { root, person, sinks, planOnly = false, log = silentLogger, clock = systemClock } = host
  const cancel = new AbortController()
  const force = new AbortController()
  const signal = AbortSignal.any([host.signal, cancel.signal])
  const forced = AbortSignal.any([host.force, force.signal])
  const releases: (() => void)[] = []
  let journal: Journal | undefined
  const operated = make({
    settle: (clusterUid) => {
      if (journal === undefined) return
      const folder = namespaceFolder(root, clusterUid, operated.target.namespace)
      if (folder === journal.folder) return
      const lock = takeLock(folder, { op: operated.id, operation: operated.operation }, person)
      releases.push(() => lock.dispose())
      journal.moveTo(folder)
    },
    fail: (error) => cancel.abort(error),
  })
  const run = { ...operated, signal, force: forced, clock }
  if (planOnly) return runOperation({ ...run, sinks, planOnly })

  const folder = namespaceFolder(root, operated.target.clusterUid, operated.target.namespace)
  const lock = takeLock(folder, { op: operated.id, operation: operated.operation }, person)
  releases.push(() => lock.dispose())
  try {
    const book = new Journal(folder, operated.id, person, operated.asked)
    journal = book
    const watch = setInterval(() => {
      const wishes = cancelRequests(book.folder, operated.id)
      if (wishes > 0) cancel.abort(cancelled())
      if (wishes > 1) force.abort(cancelled())
    }, cancelInterval)
    try {
      return await runOperation({ ...run, sinks: [book, ...sinks] })
    } finally {
      clearInterval(watch)
      removeCancelRequest(book.folder, operated.id)
      book.close()
      if (book.problem !== undefined) log.warn('the journal is not complete', { problem: book.problem.message })
    }
  } finally {
    for (const release of releases.reverse()) release()
  }
}

const cancelled = (): DOMException => new DOMException(t('Cancelled with loco operations cancel.'), 'AbortError')
