/** A picture as three bytes a pixel, red first. */
export interface Picture {
  width: number
  height: number
  rgb: Uint8Array
}

/** What the demo guest says of itself at the bottom edge of its screen (containers/qemu-softgpu/guest/README.md, "The strip"). */
export interface Strip {
  /** Number of the emulator; undefined when the host gave none. */
  ordinal: number | undefined
  /** Frames since this boot, and boots over the life of the disk. */
  frame: number
  boots: number
  /** Seconds of life that are known to be on the disk. */
  savedSeconds: number
  /** True when the last save is done. */
  saved: boolean
  keyPresses: number
  lastScancode: number
  lights: { scroll: boolean; num: boolean; caps: boolean }
  mouse: { found: boolean; x: number; y: number; packets: number; left: boolean; right: boolean; middle: boolean }
}

export const stripBytes = 32
const block = 8
const rows = 2
const width = (stripBytes * 8 * block) / rows
const magic = 0x4c_4f_43_4f // LOCO
const version = 1

/** Reads the strip; undefined when there is none, or when the picture was taken while the guest was drawing it. */
export function readStrip(picture: Picture): Strip | undefined {
  if (picture.width !== width || picture.height < rows * block) return undefined
  const bytes = new Uint8Array(stripBytes)
  for (let bit = 0; bit < stripBytes * 8; bit++) {
    const x = (bit * block) % width
    const y = picture.height - rows * block + Math.floor((bit * block) / width) * block
    const middle = ((y + block / 2) * picture.width + x + block / 2) * 3
    // Lossy screens are grey at the edges of a block, not in its middle.
    if ((picture.rgb[middle + 1] ?? 0) >= 128) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  }
  return decode(bytes)
}

/** CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xffff, not reflected. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return crc
}

function decode(bytes: Uint8Array): Strip | undefined {
  const view = new DataView(bytes.buffer)
  if (view.getUint32(0) !== magic || view.getUint8(4) !== version) return undefined
  if (view.getUint16(30) !== crc16(bytes.subarray(0, 30))) return undefined
  const flags = view.getUint8(5)
  const ordinal = view.getUint16(6)
  const buttons = view.getUint8(29)
  return {
    ordinal: ordinal === 0xffff ? undefined : ordinal,
    frame: view.getUint32(8),
    boots: view.getUint32(12),
    savedSeconds: view.getUint32(16),
    saved: (flags & 16) !== 0,
    keyPresses: view.getUint16(20),
    lastScancode: view.getUint8(28),
    lights: { scroll: (flags & 1) !== 0, num: (flags & 2) !== 0, caps: (flags & 4) !== 0 },
    mouse: {
      found: (flags & 8) !== 0,
      x: view.getUint16(22),
      y: view.getUint16(24),
      packets: view.getUint16(26),
      left: (buttons & 1) !== 0,
      right: (buttons & 2) !== 0,
      middle: (buttons & 4) !== 0,
    },
  }
}
