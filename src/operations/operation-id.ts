const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A name for an operation which sorts by time: `20261125-005714-123-k3f9`. `random` gives 0 to 1. */
export function operationId(now: number, random: () => number = Math.random): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T')
  const tail = Array.from({ length: 4 }, () => letters[Math.floor(random() * letters.length)]).join('')
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${time.slice(9, 12)}-${tail}`
}

/** True for a text of that form: ids become file names, so nothing else may. */
export function isOperationId(text: string): boolean {
  return /^\d{8}-\d{6}-\d{3}-[a-z2-9]{4}$/.test(text)
}
