import { type Clock, systemClock } from '../../../src/base/clock.ts'
import { chordEvents } from './keyboard.ts'
import type { Qmp } from './qmp.ts'

/** Port of the keyboard controller's status; reading it changes nothing. Bit 0: a byte waits that the guest has not taken. */
const statusPort = '0x64'

/** The status byte in QEMU's words `portb[0x0064] = 0x1d`; undefined when they say something else. */
export function keyWaits(words: string): boolean | undefined {
  const byte = /=\s*0x([0-9a-f]+)/i.exec(words)?.[1]
  return byte === undefined ? undefined : (Number.parseInt(byte, 16) & 1) === 1
}

/**
 * Asks a machine that shows no life for one: presses ScrollLock twice (which leaves everything as it was) and looks whether the guest takes the bytes
 * out of the keyboard controller, as each guest with a working interrupt does, a BIOS prompt too. (The keyboard's lights, which VNC reports, are no
 * such sign: SeaBIOS switches them only on its next keyboard call, so a prompt that waits looked dead. Tried with QEMU 7.2.)
 * A guest that has switched its keyboard off counts as answering: what cannot be asked is not called hung.
 * @returns true when it answered within `patience` milliseconds, each press.
 */
export async function answersKey(qmp: Qmp, patience = 1000, clock: Clock = systemClock): Promise<boolean> {
  const { down, up } = chordEvents(['scroll_lock'])
  let answered = false
  for (let press = 0; press < 2; press += 1) {
    await qmp.execute('input-send-event', { events: [...down, ...up] })
    for (const end = clock.now() + patience; ; ) {
      answered = keyWaits(await qmp.execute('human-monitor-command', { 'command-line': `i /b ${statusPort}` })) === false
      if (answered || clock.now() >= end) break
      await clock.sleep(20)
    }
  }
  return answered
}
