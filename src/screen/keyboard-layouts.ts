/** Keyboard layouts that a guest may have, as Windows knows them: what to press so that a character appears there. */
export type LayoutName = 'us' | 'gb' | 'de' | 'fr'

/** A key by its place (`KeyboardEvent.code`), with the modifiers that give the character. */
export interface LayoutKey {
  code: string
  shift: boolean
  altGr: boolean
}

export interface Layout {
  /** By character; a combining accent (U+0300 …) stands for a dead key. */
  keys: ReadonlyMap<string, LayoutKey>
}

const letters = (row: string): string[] => [...row].map((letter) => `Key${letter}`)

/** The keys of a PC keyboard that give characters, row by row from the left; the tables below follow this order. */
const codes = [
  ...['Backquote', ...[...'1234567890'].map((digit) => `Digit${digit}`), 'Minus', 'Equal'],
  ...[...letters('QWERTYUIOP'), 'BracketLeft', 'BracketRight'],
  ...[...letters('ASDFGHJKL'), 'Semicolon', 'Quote', 'Backslash'],
  ...['IntlBackslash', ...letters('ZXCVBNM'), 'Comma', 'Period', 'Slash'],
]

/** No character. */
const none = '∅'

/** Rows without a modifier, with Shift, with AltGr. A dead key is its accent on a dotted circle. */
const tables: Record<LayoutName, readonly [plain: string, shift: string, altGr?: string]> = {
  us: [
    "` 1 2 3 4 5 6 7 8 9 0 - =  q w e r t y u i o p [ ]  a s d f g h j k l ; ' \\  ∅ z x c v b n m , . /",
    '~ ! @ # $ % ^ & * ( ) _ +  Q W E R T Y U I O P { }  A S D F G H J K L : " |  ∅ Z X C V B N M < > ?',
  ],
  gb: [
    "` 1 2 3 4 5 6 7 8 9 0 - =  q w e r t y u i o p [ ]  a s d f g h j k l ; ' #  \\ z x c v b n m , . /",
    '¬ ! " £ $ % ^ & * ( ) _ +  Q W E R T Y U I O P { }  A S D F G H J K L : @ ~  | Z X C V B N M < > ?',
    '¦ ∅ ∅ ∅ € ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅  ∅ ∅ é ∅ ∅ ∅ ú í ó ∅ ∅ ∅  á ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅  ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅',
  ],
  de: [
    '◌̂ 1 2 3 4 5 6 7 8 9 0 ß ◌́  q w e r t z u i o p ü +  a s d f g h j k l ö ä #  < y x c v b n m , . -',
    '° ! " § $ % & / ( ) = ? ◌̀  Q W E R T Z U I O P Ü *  A S D F G H J K L Ö Ä \'  > Y X C V B N M ; : _',
    '∅ ∅ ² ³ ∅ ∅ ∅ { [ ] } \\ ∅  @ ∅ € ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ~  ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅  | ∅ ∅ ∅ ∅ ∅ ∅ µ ∅ ∅ ∅',
  ],
  fr: [
    '² & é " \' ( - è _ ç à ) =  a z e r t y u i o p ◌̂ $  q s d f g h j k l m ù *  < w x c v b n , ; : !',
    '∅ 1 2 3 4 5 6 7 8 9 0 ° +  A Z E R T Y U I O P ◌̈ £  Q S D F G H J K L M % µ  > W X C V B N ? . / §',
    '∅ ∅ ◌̃ # { [ | ◌̀ \\ ^ @ ] }  ∅ ∅ € ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ¤  ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅  ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅ ∅',
  ],
}

function layoutOf(rows: readonly (string | undefined)[]): Layout {
  const keys = new Map<string, LayoutKey>([[' ', { code: 'Space', shift: false, altGr: false }]])
  for (const [level, row] of rows.entries()) {
    for (const [n, entry] of (row?.split(/ +/) ?? []).entries()) {
      const code = codes[n]
      const character = entry.replace('◌', '')
      // The first way to a character is the one with the fewest modifiers.
      if (code === undefined || character === none || keys.has(character)) continue
      keys.set(character, { code, shift: level === 1, altGr: level === 2 })
    }
  }
  return { keys }
}

export const layouts: Record<LayoutName, Layout> = {
  us: layoutOf(tables.us),
  gb: layoutOf(tables.gb),
  de: layoutOf(tables.de),
  fr: layoutOf(tables.fr),
}

/** What a key gives on a US keyboard, which is what QEMU takes a plain keysym to mean. */
export const usCharacterOf = (code: string, shift: boolean): string | undefined => tables.us[shift ? 1 : 0].split(/ +/)[codes.indexOf(code)]
