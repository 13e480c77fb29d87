import type { Duplex } from 'node:stream'
import { type Clock, systemClock } from '../base/clock.ts'
import { lost, silent } from './faults.ts'
import type { Size } from './rfb/limits.ts'
import { Parsing } from './rfb/parsing.ts'
import { serverGreeting } from './rfb/server-greeting.ts'

/** A server that has been greeted and waits for the viewer's wishes. */
export interface Greeted {
  screen: Size
  /** What it tells of itself, for the viewer, byte for byte. */
  serverInit: Uint8Array
}

/** Milliseconds in which a server must have greeted. */
const patience = 10_000

/**
 * Greets the server at the other end. The stream is left paused, without a listener.
 * @throws LOCO-SCR-002 to -006 as serverGreeting does, -003 when it says nothing in time, -008 when it closes; the stream's own error; the signal's reason
 */
export async function greet(stream: Duplex, signal: AbortSignal, clock: Clock = systemClock): Promise<Greeted> {
  const over = new AbortController()
  try {
    const late = clock.sleep(patience, AbortSignal.any([signal, over.signal])).then(() => {
      throw silent(patience / 1000)
    })
    return await Promise.race([answerOf(stream, over.signal), late])
  } finally {
    over.abort()
  }
}

function answerOf(stream: Duplex, over: AbortSignal): Promise<Greeted> {
  return new Promise((resolve, reject) => {
    const parsing = new Parsing(serverGreeting(), {
      told: (event) => {
        if (event.kind === 'say') stream.write(event.bytes)
        else resolve(event)
      },
    })
    const hear = (piece: Uint8Array): void => {
      try {
        const more = parsing.feed(piece)
        if (more.length === 0) return
        // What comes after the greeting is for the relay.
        stream.off('data', hear).pause()
        stream.unshift(more)
      } catch (error) {
        reject(error)
      }
    }
    const broken = (error: Error): void => reject(lost(error))
    const closed = (): void => reject(lost(stream.errored))
    stream.on('data', hear).on('error', broken).on('end', closed).on('close', closed)
    over.addEventListener('abort', () => {
      stream.pause()
      stream.off('data', hear).off('error', broken).off('end', closed).off('close', closed)
    })
    if (stream.destroyed) closed()
  })
}
