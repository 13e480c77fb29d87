/** Bytes (or cores) of one unit. */
const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A quantity of Kubernetes as a number: bytes for sizes, cores for processors. Undefined for what Kubernetes does not read. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const [, number, unit] = /^\+?(\d+(?:\.\d*)?|\.\d+)([a-zA-Z]*|[eE][+-]?\d+)$/.exec(value) ?? []
  if (number === undefined || unit === undefined) return undefined
  const exponent = /^[eE]([+-]?\d+)$/.exec(unit)?.[1]
  if (exponent !== undefined) return Number(number) * 10 ** Number(exponent)
  const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined
  return factor === undefined ? undefined : Number(number) * factor
}

/** Whether a size counts in powers of 1024 or of 1000; undefined without a unit. */
export function unitKind(value: unknown): 'binary' | 'decimal' | undefined {
  const unit = typeof value === 'string' ? /[A-Za-z]+$/.exec(value)?.[0] : undefined
  if (unit === undefined) return undefined
  if (/^[KMGTPE]i$/.test(unit)) return 'binary'
  return /^[kMGTPE]$/.test(unit) ? 'decimal' : undefined
}

/** The quantity that was probably meant: `10GB`, `10G b`, `10 gib` and `-10Gi` are `10Gi`. Undefined where nothing is near. */
export function nearestQuantity(text: string): string | undefined {
  const [, number = '', unit = ''] = /^[-+]?(\d+(?:[.,]\d+)?)([kmgt]?)(?:i?b?|bytes?)$/i.exec(text.replaceAll(/\s/g, '')) ?? []
  if (number === '') return undefined
  const digits = number.replace(',', '.')
  return unit === '' ? digits : `${digits}${unit.toUpperCase()}i`
}

/** Bytes as the shortest binary quantity that holds them: whole Gi from 1 Gi on, else whole Mi. */
export function sizeHolding(bytes: number): string {
  return bytes >= 2 ** 30 ? `${Math.ceil(bytes / 2 ** 30)}Gi` : `${Math.max(1, Math.ceil(bytes / 2 ** 20))}Mi`
}
