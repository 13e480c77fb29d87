import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { type ClientEvent, clientMessages } from '../../../src/screen/rfb/client-messages.ts'
import { type Parser, Parsing } from '../../../src/screen/rfb/parsing.ts'
import { type GreetingEvent, serverGreeting } from '../../../src/screen/rfb/server-greeting.ts'
import { encodingsMessage, keyMessage, novncEncodings, pointerMessage, requestMessage } from '../../fakes/fake-viewer.ts'
import { serverInit } from '../../fakes/fake-vnc-server.ts'
import { numbers } from './streams.ts'

function follow<T>(parser: Parser<T>, pieces: Iterable<Uint8Array>): { told: T[]; error: unknown; left: number } {
  const told: T[] = []
  let left = 0
  try {
    const parsing = new Parsing(parser, { told: (event) => told.push(event) })
    for (const piece of pieces) left += parsing.feed(piece).length
    return { told, error: undefined, left }
  } catch (error) {
    return { told, error, left }
  }
}

const byBytes = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte))
const greeting = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(2, 19, 1), Buffer.alloc(4), serverInit(640, 480, 'a name')])

/** Bytes with a few of them changed, or none of them right. */
function spoilt(bytes: Buffer, random: (below: number) => number): Buffer {
  if (random(4) === 0) return Buffer.from(Array.from({ length: bytes.length }, () => random(256)))
  const copy = Buffer.from(bytes)
  for (let changes = 1 + random(3); changes > 0; changes--) copy.writeUInt8(random(256), random(copy.length))
  return copy
}

describe('greeting a server', () => {
  const expected: GreetingEvent[] = [
    { kind: 'say', bytes: Buffer.from('RFB 003.008\n') },
    { kind: 'say', bytes: Uint8Array.of(1) },
    { kind: 'say', bytes: Uint8Array.of(1) },
    { kind: 'greeted', screen: { width: 640, height: 480 }, serverInit: Uint8Array.from(serverInit(640, 480, 'a name')) },
  ]

  it('chooses no login, shares the screen, and leaves what comes after it', () => {
    assert.deepEqual(follow(serverGreeting(), [greeting]), { told: expected, error: undefined, left: 0 })
    assert.deepEqual(follow(serverGreeting(), byBytes(greeting)), { told: expected, error: undefined, left: 0 })
    assert.equal(follow(serverGreeting(), [Buffer.concat([greeting, Buffer.from('more')])]).left, 4)
  })

  it('2,000 spoilt greetings: understood, or refused with a code', () => {
    const random = numbers(23)
    const codes = new Set<string>()
    for (let n = 0; n < 2000; n++) {
      const { error } = follow(serverGreeting(), random(2) === 0 ? [spoilt(greeting, random)] : byBytes(spoilt(greeting, random)))
      if (error === undefined) continue
      assert.ok(error instanceof LocoError, String(error))
      codes.add(error.code)
    }
    const known = new Set(['LOCO-SCR-002', 'LOCO-SCR-004', 'LOCO-SCR-005', 'LOCO-SCR-006'])
    assert.ok(codes.size >= 3 && [...codes].every((code) => known.has(code)), [...codes].join())
  })
})

describe('messages of a viewer', () => {
  const init = serverInit(64, 48)
  const messages = [
    Buffer.from('0000000020180001' + '00ff00ff00ff' + '000810' + '000000', 'hex'),
    encodingsMessage(novncEncodings),
    requestMessage(false, 64, 48),
    keyMessage(true, 0x61, 0x1e),
    Buffer.from('0401000000000061', 'hex'),
    pointerMessage(1, 2, 3),
    Buffer.from('0600000000000003616263', 'hex'),
    Buffer.from('06000000fffffffc01000000', 'hex'),
    Buffer.from('96010000000000400030', 'hex'),
    Buffer.from('f8000000000000010400000007', 'hex'),
    Buffer.from('fb0000400030010000000000000000000040003000000000', 'hex'),
  ]
  const stream = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1), ...messages])
  const said = (told: ClientEvent[]): Buffer => Buffer.concat(told.flatMap((event) => (event.kind === 'say' ? [event.bytes] : [])))
  const heard = (told: ClientEvent[]): Buffer[] => told.flatMap((event) => (event.kind === 'message' ? [event.bytes] : []))

  it('are told one by one, whole, after a greeting as a server gives it', () => {
    for (const pieces of [[stream], byBytes(stream)]) {
      const { told, error } = follow(clientMessages(init), pieces)
      assert.equal(error, undefined)
      assert.deepEqual(said(told), Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1), Buffer.alloc(4), init]))
      assert.deepEqual(heard(told), messages)
    }
  })

  it('2,000 spoilt streams: understood, or refused with the code for it', () => {
    const random = numbers(29)
    for (let n = 0; n < 2000; n++) {
      const bytes = spoilt(stream, random)
      const { error } = follow(clientMessages(init), random(2) === 0 ? [bytes] : byBytes(bytes))
      if (error === undefined) continue
      assert.ok(error instanceof LocoError, String(error))
      assert.equal(error.code, 'LOCO-SCR-009')
    }
  })
})
