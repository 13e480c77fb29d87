/**
 * Scalars as Helm reads them: the rules of go-yaml v2 below sigs.k8s.io/yaml, which are neither YAML 1.1's nor 1.2's (`on` and `y` are true, `0777` is 511, a date is a text).
 */

/** What a scalar is, or why Helm does not read it. */
export type Scalar = { readonly value: string | number | bigint | boolean | null } | { readonly wrong: 'not-a-number' | 'tag' }

const words = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
])
const infinite = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/
const largest = 2n ** 64n - 1n
const smallest = -(2n ** 63n)

/** A plain scalar without a tag. A text that is like no number and no word is itself. */
export function plainScalar(source: string): Scalar {
  const word = words.get(source)
  if (word !== undefined) return { value: word }
  const first = source.charCodeAt(0)
  const signed = first === 43 || first === 45
  if (!signed && first !== 46 && !(first >= 48 && first <= 57)) return { value: source }
  if (infinite.test(source)) return { wrong: 'not-a-number' }
  // A text that begins with a dot keeps its underscores: it is looked at as a float only.
  if (first === 46) return { value: float.test(source) ? Number(source) : source }
  const digits = source.replaceAll('_', '')
  const whole = integerOf(digits)
  if (whole !== undefined) return { value: whole }
  const number = float.test(digits) ? Number(digits) : Number.NaN
  return { value: Number.isFinite(number) ? number : source }
}

/** A scalar with a tag in front (`!!str 5`), quoted or not; tags that nobody knows change nothing but keep the text a text. */
export function taggedScalar(tag: string, source: string): Scalar {
  const plain = plainScalar(source)
  if ('wrong' in plain) return tag === 'str' ? { value: source } : plain
  const { value } = plain
  switch (tag) {
    case 'bool':
      return typeof value === 'boolean' ? plain : { wrong: 'tag' }
    case 'int':
      return typeof value === 'bigint' || Number.isInteger(value) ? plain : { wrong: 'tag' }
    case 'float':
      return typeof value === 'number' || typeof value === 'bigint' ? plain : { wrong: 'tag' }
    case 'null':
      return value === null ? plain : { wrong: 'tag' }
    case 'binary':
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(source) ? { value: Buffer.from(source, 'base64').toString('utf8') } : { wrong: 'tag' }
    default:
      return { value: source }
  }
}

function integerOf(text: string): number | bigint | undefined {
  const match = integer.exec(text)
  if (match === null) return undefined
  const [, sign, hex, binary, octal, decimal] = match
  const magnitude = BigInt(hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : octal !== undefined ? `0o${octal}` : `${decimal}`)
  const value = sign === '-' ? -magnitude : magnitude
  if (value > largest || value < smallest) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The text that a value has as the key of a map: Helm turns `on:` into `true:`. Undefined for null and for numbers above 63 bits, which are no keys. */
export function keyOf(value: string | number | bigint | boolean | null): string | undefined {
  return value === null || (typeof value === 'bigint' && value >= 2n ** 63n) ? undefined : String(value)
}

/** True when a text written without quotes would be read as something else than itself, or not at all. */
export function needsQuotes(text: string): boolean {
  const read = plainScalar(text)
  if ('wrong' in read || read.value !== text) return true
  return !/^[A-Za-z0-9_./$^(+~=;-]/.test(text) || /^(?:[-?:](?:\s|$)|---|\.\.\.)/.test(text) || /:(?:\s|$)|\s#|\p{Cc}|\s$/u.test(text)
}
