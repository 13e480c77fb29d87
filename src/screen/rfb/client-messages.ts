import { viewerFault } from './faults.ts'
import { clientMessage, version } from './messages.ts'
import { type Parser, take, tell } from './parsing.ts'

/** One message of a viewer, whole; or what must be said to it in the greeting. */
export type ClientEvent = { kind: 'say'; bytes: Uint8Array } | { kind: 'message'; type: number; bytes: Buffer }

/** Bytes of a message that are more than any viewer of ours sends: a text in the clipboard. */
const largest = 256 * 1024

/**
 * Greets a viewer as a server would and follows its messages for ever. The server itself was greeted before (server-greeting.ts): over a distance that
 * saves three ways there and back, and a viewer never meets a server of another kind.
 * @throws LOCO-SCR-009
 */
export function* clientMessages(serverInit: Uint8Array): Parser<ClientEvent> {
  yield tell({ kind: 'say', bytes: version })
  const greeting = text(yield take(version.length))
  if (greeting !== version.toString('latin1')) throw viewerFault(`greeting ${JSON.stringify(greeting)}`)
  yield tell({ kind: 'say', bytes: Uint8Array.of(1, 1) })
  const security = (yield take(1)).getUint8(0)
  if (security !== 1) throw viewerFault(`security type ${security}`)
  yield tell({ kind: 'say', bytes: new Uint8Array(4) })
  yield take(1)
  yield tell({ kind: 'say', bytes: serverInit })
  for (;;) yield tell(yield* message())
}

function* message(): Parser<ClientEvent, ClientEvent> {
  const type = (yield take(1)).getUint8(0)
  const parts: Buffer[] = [Buffer.of(type)]
  const more = function* (count: number): Parser<ClientEvent, Buffer> {
    if (count > largest) throw viewerFault(`${count} bytes in a message of type ${type}`)
    const part = copy(yield take(count))
    if (count > 0) parts.push(part)
    return part
  }
  switch (type) {
    case clientMessage.setPixelFormat:
      checkPixels(yield* more(19))
      break
    case clientMessage.setEncodings:
      yield* more((yield* more(3)).readUInt16BE(1) * 4)
      break
    case clientMessage.updateRequest:
    case clientMessage.continuousUpdates:
      yield* more(9)
      break
    case clientMessage.key:
      yield* more(7)
      break
    case clientMessage.pointer:
      yield* more(5)
      break
    case clientMessage.cutText:
      yield* more(Math.abs((yield* more(7)).readInt32BE(3)))
      break
    case clientMessage.fence:
      yield* more((yield* more(8)).readUInt8(7))
      break
    case clientMessage.setDesktopSize:
      yield* more((yield* more(7)).readUInt8(5) * 16)
      break
    case clientMessage.qemu:
      if ((yield* more(1)).readUInt8(0) !== 0) throw viewerFault('a message of QEMU that is no key')
      yield* more(10)
      break
    default:
      throw viewerFault(`message type ${type}`)
  }
  return { kind: 'message', type, bytes: Buffer.concat(parts) }
}

/** 32 bits a pixel, 8 a colour: what rectangles.ts measures by. */
function checkPixels(format: Buffer): void {
  const [bits, , , trueColour] = format.subarray(3)
  const largestColours = [format.readUInt16BE(7), format.readUInt16BE(9), format.readUInt16BE(11)]
  if (bits === 32 && trueColour !== 0 && largestColours.every((most) => most === 255)) return
  throw viewerFault(`pixel format ${format.toString('hex')}`)
}

const copy = (view: DataView): Buffer => Buffer.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
const text = (view: DataView): string => copy(view).toString('latin1')
