/** Largest side of a picture that is shown, in pixels: an agent that lies must not make the editor unpack gigabytes. */
const largestSide = 4096

/** True for the beginning of a PNG of a size that may be shown. The signature was checked by who fetched it. */
export function isShowable(png: Buffer): boolean {
  if (png.length < 24 || png.toString('latin1', 12, 16) !== 'IHDR') return false
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  return width > 0 && height > 0 && width <= largestSide && height <= largestSide
}
