import type { Scaling } from '../../src/contracts/screen.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * The size in CSS pixels at which a guest's picture is shown in a room of the tab.
 * `ratio` is device pixels per CSS pixel: one to one and whole multiples are whole device pixels a guest pixel, else text blurs.
 */
export function fitted(scaling: Scaling, guest: Size, room: Size, ratio: number): Size {
  const fits = Math.min(room.width / guest.width, room.height / guest.height)
  const scale = { none: Math.max(1, Math.round(ratio)) / ratio, fit: fits, integer: Math.max(1, Math.floor(fits * ratio)) / ratio }[scaling]
  return { width: guest.width * scale, height: guest.height * scale }
}
