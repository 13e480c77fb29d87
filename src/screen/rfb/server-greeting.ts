import { otherProtocol, turnedAway, wantsLogin } from './faults.ts'
import { checkName, checkSize, type Size } from './limits.ts'
import { version } from './messages.ts'
import { type Parser, take, tell } from './parsing.ts'

/** What is to be said to the server; at the end, what it is. */
export type GreetingEvent = { kind: 'say'; bytes: Uint8Array } | { kind: 'greeted'; screen: Size; serverInit: Uint8Array }

const withoutLogin = 1

/**
 * Greets a server as a viewer that shares the screen with others.
 * @throws LOCO-SCR-002 for another protocol, -004 when it wants a login, -005 when it turns us away, -006 for impossible sizes
 */
export function* serverGreeting(): Parser<GreetingEvent> {
  const greeting = text(yield take(version.length))
  if (greeting !== version.toString('latin1')) throw otherProtocol(greeting)
  yield tell({ kind: 'say', bytes: version })

  const count = (yield take(1)).getUint8(0)
  if (count === 0) throw turnedAway(yield* reason())
  const types = [...bytes(yield take(count))]
  if (!types.includes(withoutLogin)) throw wantsLogin(types)
  yield tell({ kind: 'say', bytes: Uint8Array.of(withoutLogin) })
  if ((yield take(4)).getUint32(0) !== 0) throw turnedAway(yield* reason())

  yield tell({ kind: 'say', bytes: Uint8Array.of(1) })
  const head = bytes(yield take(24)).slice()
  const view = new DataView(head.buffer)
  const screen = { width: view.getUint16(0), height: view.getUint16(2) }
  checkSize(screen)
  const nameLength = view.getUint32(20)
  checkName(nameLength)
  const name = nameLength === 0 ? new Uint8Array(0) : bytes(yield take(nameLength))
  yield tell({ kind: 'greeted', screen, serverInit: Uint8Array.of(...head, ...name) })
}

function* reason(): Parser<GreetingEvent, string> {
  const length = (yield take(4)).getUint32(0)
  checkName(length)
  return length === 0 ? '' : text(yield take(length))
}

const bytes = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
const text = (view: DataView): string => Buffer.from(bytes(view)).toString('latin1')
