import * as v from 'valibot'
import { LocoError } from '../../../src/base/error.ts'

/** A file as the file system tells it: bytes, and milliseconds of its last change. */
export interface FileFacts {
  path: string
  size: number
  mtime: number
}

/** The disk that an overlay is laid over; it is only ever read. */
export interface Base extends FileFacts {
  source: 'claim' | 'shared' | 'builtin'
}

/** Claim first, then the folder that all emulators share, else the one in the image. @throws LOCO-AGT-006 when there is none. */
export function chooseBase(
  { claim, shared, builtin }: { claim: FileFacts | undefined; shared: FileFacts | undefined; builtin: FileFacts | undefined },
  looked: { disk: string; builtinDisk: string },
): Base {
  if (claim !== undefined) return { ...claim, source: 'claim' }
  if (shared !== undefined) return { ...shared, source: 'shared' }
  if (builtin !== undefined) return { ...builtin, source: 'builtin' }
  throw new LocoError('LOCO-AGT-006', {
    what: 'There is no disk to start from.',
    why: `Neither ${looked.disk} on the volume nor ${looked.builtinDisk} in the image is a file.`,
    fix: [`Copy a qcow2 or raw disk to ${looked.disk} on the volume.`, 'Or build the image with a disk (docs/agent.md, "Your own disk").'],
  })
}

/** What stands beside an overlay, so that nobody ever opens it over another base: `<overlay>.json`. */
export const overlayNote = v.object({
  schema: v.literal('loco.overlay/1'),
  base: v.object({
    path: v.string(),
    size: v.number(),
    mtime: v.number(),
    format: v.picklist(['qcow2', 'raw']),
    /** Of the file; null until it was computed. */
    sha256: v.nullable(v.string()),
  }),
  madeAt: v.string(),
  /** Content hash of the image whose agent made it. */
  version: v.string(),
})
export type OverlayNote = v.InferOutput<typeof overlayNote>

export type OverlayDecision =
  /** No overlay yet: make one. */
  | { act: 'create' }
  /** The base is the one of the note. */
  | { act: 'use' }
  /** The base has the same content and lies elsewhere now: point the overlay there. */
  | { act: 'rebase' }
  /** It looks different, but only its bytes decide: compare `sha256` of the note with the file. */
  | { act: 'compare'; sha256: string }
  | { act: 'changed'; why: string }

/** What to do with the overlay that may be there. `sha256`: of the base as it is now, where it is known without reading the base. */
export function decideOverlay(exists: boolean, note: OverlayNote | undefined, base: Base, sha256: string | undefined): OverlayDecision {
  if (!exists) return { act: 'create' }
  if (note === undefined) return { act: 'changed', why: 'No readable note says over which base the overlay was made.' }
  const was = note.base
  if (was.sha256 !== null && was.sha256 === sha256) return { act: was.path === base.path ? 'use' : 'rebase' }
  if (was.path !== base.path) return { act: 'changed', why: `It was made over ${was.path}, and the base is now ${base.path}.` }
  if (was.sha256 !== null && sha256 !== undefined) return { act: 'changed', why: `The content of ${base.path} is not what it was when the overlay was made.` }
  if (was.size !== base.size) return { act: 'changed', why: `${base.path} had ${was.size} bytes when the overlay was made and has ${base.size} now.` }
  if (was.mtime === base.mtime) return { act: 'use' }
  if (was.sha256 !== null) return { act: 'compare', sha256: was.sha256 }
  return { act: 'changed', why: `${base.path} was written to after the overlay was made, and no checksum of the old content is known.` }
}

/** What a person has chosen for the case that the base is another one than that of the overlay. */
export type BaseChoice = 'refuse' | 'fresh' | `fresh:${string}`

export const isBaseChoice = (text: string): text is BaseChoice => /^(?:refuse|fresh(?::[0-9a-f]{64})?)$/.test(text)

/** True when the choice lets a fresh overlay begin over a base of this checksum. A choice that names a base holds for no other that comes later. */
export function mayBeginAnew(choice: BaseChoice, sha256: string | undefined): boolean {
  return choice === 'fresh' || (sha256 !== undefined && choice === `fresh:${sha256}`)
}

/** The refusal to open an overlay over a base that it does not belong to, with the choice. */
export function baseChanged(overlay: string, why: string): LocoError {
  return new LocoError('LOCO-AGT-007', {
    what: `The overlay ${overlay} does not belong to the base disk that is there now.`,
    why,
    fix: [
      'Keep what the guest wrote: put the old base disk (or the old image) back.',
      'Or begin anew with loco rebuild emulator --base fresh; the old overlay is kept beside the new one.',
    ],
  })
}

/** The format that the first bytes of a disk announce. Anything that is not qcow2 is taken as raw sectors. */
export function formatOf(start: Buffer): 'qcow2' | 'raw' {
  return start.toString('latin1', 0, 4) === 'QFI\xfb' ? 'qcow2' : 'raw'
}
