const letters: Record<string, string> = Object.fromEntries(
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, index) => [
    letter,
    [...'áƀçđéƒğĥíĵķłɱñóþǫřšŧúṽŵẋýžÁɃÇĐÉƑĞĤÍĴĶŁṀÑÓÞǪŘŠŦÚṼŴẊÝŽ'][index] ?? letter,
  ]),
)

/** What a program reads and a translator must leave alone: placeholders, code, targets of links, command and web addresses, icons, settings, flags. */
const untouched = /\{[^}\s]+\}|`[^`]*`|\]\([^)]*\)|command:[^\s)"]+|https?:\/\/[^\s)"]+|\$\([\w~-]+\)|#[\w.]+#|<[^>\s]+>|--[\w-]+/g

/** Real translations are longer than English by about so much. */
const growth = 0.4

/**
 * A text as no language writes it but everybody can read it: `Port {0} is taken.` → `[[Þóřŧ {0} íš ŧáķéñ. ~~~~]]`.
 * A text on the screen without brackets was not translated, one without its end was cut off.
 */
export function pseudo(text: string): string {
  const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? []
  let accented = ''
  let end = 0
  for (const { 0: kept, index } of words.matchAll(untouched)) {
    accented += accent(words.slice(end, index)) + kept
    end = index + kept.length
  }
  return `${before}[[${accented}${accent(words.slice(end))} ${'~'.repeat(Math.ceil(words.length * growth))}]]${after}`
}

const accent = (text: string): string => text.replace(/[a-zA-Z]/g, (letter) => letters[letter] ?? letter)
