/** Encodings of RFB by their numbers (the registry of the RFB protocol), as far as QEMU sends and noVNC reads them. */
export const encoding = {
  raw: 0,
  copyRect: 1,
  rre: 2,
  hextile: 5,
  zlib: 6,
  tight: 7,
  zrle: 16,
  tightPng: -260,
  desktopSize: -223,
  lastRect: -224,
  cursor: -239,
  pointerMotion: -257,
  extendedKey: -258,
  led: -261,
  desktopName: -307,
  extendedDesktopSize: -308,
  fence: -312,
  continuousUpdates: -313,
  extendedClipboard: 0xc0a1e5ce | 0,
} as const

/** Encodings whose data this relay can measure, so that it always knows where a message ends. */
const measured: ReadonlySet<number> = new Set([
  ...[encoding.raw, encoding.copyRect, encoding.rre, encoding.hextile, encoding.zlib, encoding.tight, encoding.zrle, encoding.tightPng],
  ...[encoding.desktopSize, encoding.lastRect, encoding.cursor, encoding.pointerMotion, encoding.extendedKey, encoding.led],
  ...[encoding.desktopName, encoding.extendedDesktopSize],
])

/** Wishes that change no message's form: JPEG quality 0 to 9, compression level 0 to 9. */
const isWish = (number: number): boolean => (number >= -32 && number <= -23) || (number >= -256 && number <= -247)

/** What is asked of the server for a viewer that wants `wanted`, in the viewer's order: only what can be measured, and the clipboard's extension (see `wake`). */
export const agreedEncodings = (wanted: readonly number[]): number[] => [
  ...wanted.filter((number) => measured.has(number) || isWish(number)),
  encoding.extendedClipboard,
]
