const parts: Readonly<Record<string, number>> = { n: 1e9, u: 1e6, m: 1e3 }
const factors: Readonly<Record<string, number>> = {
  '': 1,
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

/** A quantity as the API server writes it (`250m`, `1Gi`, `1e3`) as a number; 0 for what is none. */
export function quantity(text: string | undefined): number {
  const [, digits, unit = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(text ?? '') ?? []
  if (digits === undefined) return 0
  const part = parts[unit]
  return part === undefined ? Number(digits) * (factors[unit] ?? 0) : Number(digits) / part
}
