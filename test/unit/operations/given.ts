import * as v from 'valibot'
import { type OperationEvent, operationEvent, type Target } from '../../../src/contracts/operation.ts'
import type { EventSink } from '../../../src/operations/events.ts'
import type { Step } from '../../../src/operations/step.ts'

export const target: Target = {
  provider: 'native',
  context: 'loco-sandbox',
  server: 'https://127.0.0.1:6443',
  clusterUid: 'uid-1',
  namespace: 'loco',
  release: 'loco',
}

/** Keeps what it is told, and holds every event against the contract. */
export class RecordingSink implements EventSink {
  readonly events: OperationEvent[] = []
  emit(event: OperationEvent): void {
    this.events.push(v.parse(operationEvent, event))
  }
  kinds(): string {
    return this.events.map((event) => event.kind).join(' ')
  }
  /** `build=done install=failed` in the order of ends. */
  outcomes(): string {
    return this.events.flatMap((event) => (event.kind === 'step-end' ? [`${event.step}=${event.outcome}`] : [])).join(' ')
  }
}

/** A step that does what the test says. */
export function step(id: string, after: string[], over: Partial<Step> = {}): Step {
  return { id, title: `Title of ${id}`, after, changes: false, run: async () => `${id} is made.`, ...over }
}

/** A promise that the test resolves. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
