/** Changes of one letter that make one word of another, two neighbours that changed places counted as one. */
export function distance(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const now = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1]
      let least = Math.min((last[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      now.push(least)
    }
    before = last
    last = now
  }
  return last[other.length] ?? 0
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '')

/** The one of `words` that was probably meant; undefined where none is near, or two are equally near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, far: plain(candidate) === plain(word) ? 0 : distance(plain(word), plain(candidate)) }))
    .sort((one, other) => one.far - other.far)
  const [best, second] = ranked
  if (best === undefined || best.far > Math.max(1, Math.floor(plain(word).length / 3)) || best.far === second?.far) return undefined
  return best.candidate
}
