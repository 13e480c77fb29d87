/** Characters of a sequence that has not come to its end which are kept for the next piece; what is longer is no sequence. */
const longest = 256
const [esc, bell] = ['\\u001b', '\\u0007']
const body = `[^${bell}${esc}]*`
// Colours and weights stay. Whatever else moves the cursor, sets titles, writes the clipboard or asks the terminal something is taken out.
const special = new RegExp(
  [
    `(?<colour>${esc}\\[[0-9;:]*m)`,
    `(?<sequence>${esc}\\[[0-?]*[ -/]*[@-~]|${esc}[\\]PX^_]${body}(?:${bell}|${esc}\\\\)|${esc}[ -/]*[0-Z\\\\\`-~])`,
    '(?<line>\\r?\\n|\\r)',
    '(?<control>[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f])',
  ].join('|'),
  'g',
)
const unfinished = new RegExp(`${esc}(?:\\[[0-?]*[ -/]*|[\\]PX^_]${body}${esc}?|[ -/]*)$|\\r$`)

/**
 * Bytes that a program wrote to its log as text that a terminal may be given: a log comes from inside the pod and may hold anything. Characters and sequences
 * may be split over pieces. Lines end with CR LF, as a terminal wants them.
 */
export class SafeText {
  readonly #decoder = new TextDecoder('utf-8')
  #rest = ''

  take(bytes: Uint8Array): string {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true })
    const tail = unfinished.exec(text)?.[0] ?? ''
    this.#rest = tail.length <= longest ? tail : ''
    return text.slice(0, text.length - this.#rest.length).replace(special, (all, ...rest) => {
      const { colour, sequence, line } = rest.at(-1) as Partial<Record<string, string>>
      if (colour !== undefined) return colour
      if (sequence !== undefined) return ''
      return line === undefined ? visible(all) : '\r\n'
    })
  }
}

/** A whole text, likewise. */
export const safeText = (text: string): string => new SafeText().take(Buffer.from(text))

/** A control character as the picture that Unicode has for it. */
function visible(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}
