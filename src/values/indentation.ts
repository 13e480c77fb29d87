/** How far a map is indented below its key in this file: as the first one that is. */
export function stepOf(text: string): number {
  const match = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( +)[^\s#-]/m.exec(text)
  const step = (match?.[2]?.length ?? 0) - (match?.[1]?.length ?? 0)
  return step >= 1 && step <= 8 ? step : 2
}
