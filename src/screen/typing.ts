import type { KeyEvent } from '../contracts/screen.ts'
import { type LayoutKey, type LayoutName, layouts, usCharacterOf } from './keyboard-layouts.ts'

/** One key that is pressed and let go, with what is held meanwhile. */
export interface KeyStroke {
  /** The key by its place on the keyboard, as `KeyboardEvent.code`: what counts for a guest with a layout of its own. */
  code: string
  /** X keysym of that key on a US keyboard, for servers that do not take places. */
  keysym: number
  shift: boolean
  altGr: boolean
}

const enter: KeyStroke = { code: 'Enter', keysym: 0xff0d, shift: false, altGr: false }
const tab: KeyStroke = { code: 'Tab', keysym: 0xff09, shift: false, altGr: false }
const shiftKey = { code: 'ShiftLeft', keysym: 0xffe1 }
const altGrKey = { code: 'AltRight', keysym: 0xffea }

/** What a dead key and a letter become, as Windows of that time composes them. */
const composed: Record<string, string> = {
  '\u0300': 'aeiouAEIOU',
  '\u0301': 'aeiouyAEIOUY',
  '\u0302': 'aeiouAEIOU',
  '\u0303': 'anoANO',
  '\u0308': 'aeiouyAEIOU',
}

/** A dead key and the space bar give the accent alone. */
const alone: Record<string, string> = { '`': '\u0300', '´': '\u0301', '^': '\u0302', '~': '\u0303', '¨': '\u0308' }

/**
 * The keys that type a text on a guest with this layout, and the characters, each once, that it has no keys for.
 * Line ends of any kind are Enter.
 */
export function keysOfText(text: string, layout: LayoutName): { strokes: KeyStroke[]; untypeable: string[] } {
  const strokes: KeyStroke[] = []
  const untypeable = new Set<string>()
  for (const character of text.replaceAll('\r\n', '\n').normalize('NFC')) {
    const keys = strokesOf(character, layout)
    if (keys === undefined) untypeable.add(character)
    else strokes.push(...keys)
  }
  return { strokes, untypeable: [...untypeable] }
}

/** The events of one stroke, in order. */
export function keyEvents({ code, keysym, shift, altGr }: KeyStroke): KeyEvent[] {
  const held = [...(shift ? [shiftKey] : []), ...(altGr ? [altGrKey] : [])]
  const down = [...held, { code, keysym }].map((key) => ({ ...key, down: true }))
  return [...down, ...down.toReversed().map((key) => ({ ...key, down: false }))]
}

function strokesOf(character: string, layout: LayoutName): KeyStroke[] | undefined {
  if (character === '\n' || character === '\r') return [enter]
  if (character === '\t') return [tab]
  const { keys } = layouts[layout]
  const direct = keys.get(character)
  if (direct !== undefined) return [stroke(direct)]
  const [accent, base] = takenApart(character)
  const dead = keys.get(accent)
  const letter = keys.get(base)
  return dead === undefined || letter === undefined ? undefined : [stroke(dead), stroke(letter)]
}

/** An accented character as its dead key and what follows it; two empty texts for one that no dead key gives. */
function takenApart(character: string): [accent: string, base: string] {
  const accentAlone = alone[character]
  if (accentAlone !== undefined) return [accentAlone, ' ']
  const [base = '', accent = '', ...more] = [...character.normalize('NFD')]
  return more.length === 0 && composed[accent]?.includes(base) ? [accent, base] : ['', '']
}

function stroke({ code, shift, altGr }: LayoutKey): KeyStroke {
  // QEMU sees to Caps Lock by it: a letter whose case does not fit Shift would make it press that key.
  const keysym = code === 'Space' ? 0x20 : (usCharacterOf(code, shift)?.codePointAt(0) ?? 0)
  // The key beside the left Shift is not on a US keyboard; ∅ is no keysym.
  return { code, keysym: code === 'IntlBackslash' ? (shift ? 0x3e : 0x3c) : keysym, shift, altGr }
}
