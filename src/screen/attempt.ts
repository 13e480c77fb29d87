import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import { asLocoError, type LocoError } from '../base/error.ts'
import { type Greeted, greet } from './greet.ts'
import { Relay, type RelayOptions } from './relay.ts'

export interface AttemptOptions {
  connect(signal: AbortSignal): Promise<Duplex>
  clock: Clock
  /** How the relay begins; read when there is one to make. */
  relayOptions(): Omit<RelayOptions, 'stream' | 'greeted' | 'clock' | 'ended'>
  /** The server is greeted: here is the relay. */
  opened(relay: Relay): void
}

/** One connection from its beginning to its end. Resolves with why it ended; with undefined when the signal ended it. Leaves nothing open. */
export async function attempt(options: AttemptOptions, signal: AbortSignal): Promise<LocoError | undefined> {
  let stream: Duplex | undefined
  try {
    stream = await options.connect(signal)
    const greeted = await greet(stream, signal, options.clock)
    return await relayed(stream, greeted, options, signal)
  } catch (error) {
    return signal.aborted ? undefined : asLocoError(error)
  } finally {
    // Also what came too late, after the abort.
    stream?.destroy()
  }
}

function relayed(stream: Duplex, greeted: Greeted, { clock, relayOptions, opened }: AttemptOptions, signal: AbortSignal): Promise<LocoError | undefined> {
  signal.throwIfAborted()
  return new Promise((resolve) => {
    const relay = new Relay({ ...relayOptions(), stream, greeted, clock, ended: resolve })
    signal.addEventListener('abort', () => {
      relay.dispose()
      resolve(undefined)
    })
    opened(relay)
  })
}
