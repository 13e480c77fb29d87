import { LocoError } from '../../../src/base/error.ts'

/** Keys that go down together and up again in reverse order, by QEMU's QKeyCode names. */
export type Chord = readonly string[]

/** The names that QEMU 7.2 knows and a PC keyboard has (qapi/ui.json, QKeyCode). */
const keyNames = new Set(
  [
    'shift shift_r alt alt_r ctrl ctrl_r menu esc 1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p bracket_left bracket_right ret',
    'a s d f g h j k l semicolon apostrophe grave_accent backslash z x c v b n m comma dot slash asterisk spc caps_lock',
    'f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 num_lock scroll_lock kp_divide kp_multiply kp_subtract kp_add kp_enter kp_decimal',
    'kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 less sysrq print home pgup pgdn end left up down right insert delete',
    'meta_l meta_r compose pause',
  ].flatMap((line) => line.split(' ')),
)

/** What people write and QEMU calls differently. */
const otherNames: Record<string, string> = {
  enter: 'ret',
  return: 'ret',
  space: 'spc',
  escape: 'esc',
  del: 'delete',
  ins: 'insert',
  pageup: 'pgup',
  pagedown: 'pgdn',
  win: 'meta_l',
  control: 'ctrl',
}

/** Keys of a US keyboard: name, character, character with shift. */
const usKeys: readonly (readonly [string, string, string])[] = [
  ...[...'abcdefghijklmnopqrstuvwxyz'].map((letter) => [letter, letter, letter.toUpperCase()] as const),
  ...[...'1234567890'].map((digit, index) => [digit, digit, '!@#$%^&*()'[index] as string] as const),
  ['minus', '-', '_'],
  ['equal', '=', '+'],
  ['bracket_left', '[', '{'],
  ['bracket_right', ']', '}'],
  ['backslash', '\\', '|'],
  ['semicolon', ';', ':'],
  ['apostrophe', "'", '"'],
  ['grave_accent', '`', '~'],
  ['comma', ',', '<'],
  ['dot', '.', '>'],
  ['slash', '/', '?'],
]
const typed = new Map<string, Chord>([
  ...usKeys.flatMap(([name, plain, shifted]): [string, Chord][] => [
    [plain, [name]],
    [shifted, ['shift', name]],
  ]),
  [' ', ['spc']],
  ['\n', ['ret']],
  ['\t', ['tab']],
  ['\b', ['backspace']],
])

function refuse(what: string): never {
  throw new LocoError('LOCO-AGT-014', {
    what,
    why: 'Nothing was typed.',
    fix: ['Type text that a US keyboard has, or name keys as QEMU does, such as ret, spc, f9 or ctrl+alt+delete.'],
  })
}

/** Text as chords on a US layout; a carriage return before a line feed is one Enter. @throws LOCO-AGT-014 for a character that no key gives. */
export function chordsOfText(text: string): Chord[] {
  return [...text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')].map(
    (character) => typed.get(character) ?? refuse(`A US keyboard has no key for the character ${JSON.stringify(character)}.`),
  )
}

/** `ctrl+alt+delete` and its like as chords. @throws LOCO-AGT-014 for a name that is no key. */
export function chordsOfKeys(keys: readonly string[]): Chord[] {
  return keys.map((chord) => {
    const names = chord
      .toLowerCase()
      .split('+')
      .map((name) => otherNames[name] ?? name)
    for (const name of names) if (!keyNames.has(name)) refuse(`${JSON.stringify(chord)} names no key of a PC keyboard.`)
    return names
  })
}

/** The events of `input-send-event` that press a chord, and those that let go of it. */
export function chordEvents(chord: Chord): { down: KeyEvent[]; up: KeyEvent[] } {
  return { down: chord.map((name) => keyEvent(name, true)), up: chord.toReversed().map((name) => keyEvent(name, false)) }
}

export interface KeyEvent {
  type: 'key'
  data: { down: boolean; key: { type: 'qcode'; data: string } }
}

function keyEvent(name: string, down: boolean): KeyEvent {
  return { type: 'key', data: { down, key: { type: 'qcode', data: name } } }
}
