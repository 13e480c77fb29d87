import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { LocoError } from '../../../src/base/error.ts'
import type { Logger } from '../../../src/base/logger.ts'
import { type ArtChoice, sharedSha256 } from './art.ts'
import type { Config } from './config.ts'
import { type Base, baseChanged, chooseBase, decideOverlay, type FileFacts, formatOf, mayBeginAnew, type OverlayNote, overlayNote } from './disk.ts'

/** The disk that QEMU gets. */
export interface Disk {
  base: Base
  overlay: string
  /** The overlay is a second one, over the disk in the image, while the shared folder that holds the base of the first cannot be used. */
  standby: boolean
  /** Null while it is not known; `proveBase` computes it. */
  sha256: string | null
}

/**
 * Chooses the base and makes the overlay ready: an existing one when it belongs to the base, else a new one. Nothing half-made ever has the overlay's name.
 * @throws LOCO-AGT-006 (no disk), -007 (base changed), -008 (cannot be made).
 */
export async function prepareDisk(config: Config, art: ArtChoice | undefined, log: Logger, now: () => Date = () => new Date()): Promise<Disk> {
  const shared = art?.choice === 'shared' ? factsOf(config.sharedDisk) : undefined
  const base = chooseBase({ claim: factsOf(config.disk), shared, builtin: factsOf(config.builtinDisk) }, config)
  const { overlay, standby } = overlayFor(config, art)
  const note = readNote(overlay)
  const known = await knownSha256(base)
  let decision = decideOverlay(existsSync(overlay), note, base, known)
  if (decision.act === 'compare') {
    log.info('The base disk has a new date; its content is compared before the machine starts.', { base: base.path, bytes: base.size })
    decision =
      (await sha256Of(base.path)) === decision.sha256
        ? { act: 'use' }
        : { act: 'changed', why: `The content of ${base.path} is not what it was when the overlay was made.` }
    if (decision.act === 'use' && note !== undefined) writeNote(overlay, { ...note, base: { ...note.base, mtime: base.mtime } })
  }
  if (decision.act === 'rebase' && note !== undefined) {
    await pointAt(overlay, { ...note, base: { ...note.base, path: base.path, size: base.size, mtime: base.mtime } })
    log.info('The base disk lies elsewhere now, with the same content.', { overlay, was: note.base.path, base: base.path })
    return { base, overlay, standby, sha256: note.base.sha256 }
  }
  if (decision.act === 'changed') {
    if (!mayBeginAnew(config.baseChanged, known)) throw baseChanged(overlay, decision.why)
    setAside(overlay, now(), log, decision.why)
    decision = { act: 'create' }
  }
  if (decision.act === 'use') return { base, overlay, standby, sha256: note?.base.sha256 ?? null }

  const format = formatOf(firstBytes(base.path))
  const fresh: OverlayNote = {
    schema: 'loco.overlay/1',
    base: { path: base.path, size: base.size, mtime: base.mtime, format, sha256: known ?? null },
    madeAt: now().toISOString(),
    version: config.version,
  }
  await createOverlay(overlay, fresh)
  log.info('A new overlay takes what the guest writes.', { overlay, base: base.path, source: base.source, format, persistent: config.persistent })
  return { base, overlay, standby, sha256: fresh.base.sha256 }
}

/**
 * The overlay of this emulator. While the shared folder cannot be used, one that was made over another disk in it must neither be opened nor lost:
 * the emulator then runs on a second one, and comes back to the first with the folder.
 */
function overlayFor(config: Config, art: ArtChoice | undefined): { overlay: string; standby: boolean } {
  const overlay = join(config.imagesDir, `win98_instance_${config.ordinal}.qcow2`)
  const base = readNote(overlay)?.base
  const isOfImage = base === undefined || (base.sha256 === null ? base.path === config.builtinDisk : base.sha256 === builtinSha256(config.builtinDisk))
  const lost = art?.choice === 'builtin' && !isOfImage && base?.path !== config.disk
  return lost ? { overlay: join(config.imagesDir, `win98_instance_${config.ordinal}.standby.qcow2`), standby: true } : { overlay, standby: false }
}

/** Checksum of a base where it is known without reading the base. */
async function knownSha256({ source, path }: Base): Promise<string | undefined> {
  if (source === 'builtin') return builtinSha256(path)
  return source === 'shared' ? sharedSha256(path) : undefined
}

/**
 * Computes the checksum of a base that has none yet and writes it into the note. Reads the whole base, so it runs beside the guest.
 * A base that changes while it is read gets no checksum.
 */
export async function proveBase(disk: Disk, signal: AbortSignal): Promise<string | null> {
  const sha256 = await sha256Of(disk.base.path, signal)
  const note = readNote(disk.overlay)
  const after = factsOf(disk.base.path)
  if (note === undefined || after?.mtime !== note.base.mtime || after.size !== note.base.size) return null
  writeNote(disk.overlay, { ...note, base: { ...note.base, sha256 } })
  return sha256
}

/** Only the name of the base is written: its content is known to be the same. */
async function pointAt(overlay: string, note: OverlayNote): Promise<void> {
  try {
    await promisify(execFile)('qemu-img', ['rebase', '-q', '-u', '-f', 'qcow2', '-F', note.base.format, '-b', note.base.path, overlay])
    writeNote(overlay, note)
  } catch (error) {
    throw cannotBeMade(overlay, error)
  }
}

async function createOverlay(overlay: string, note: OverlayNote): Promise<void> {
  const making = `${overlay}.making`
  try {
    mkdirSync(dirname(overlay), { recursive: true })
    rmSync(making, { force: true })
    await promisify(execFile)('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', note.base.format, '-b', note.base.path, making])
    // The note first: an overlay without one would be refused, a note without an overlay is only overwritten.
    writeNote(overlay, note)
    renameSync(making, overlay)
  } catch (error) {
    // What cannot be removed either is not the news; the next try begins with removing it.
    await rm(making, { force: true }).catch(() => {})
    throw cannotBeMade(overlay, error)
  }
}

function cannotBeMade(overlay: string, error: unknown): LocoError {
  const words = wordsOf(error)
  return new LocoError('LOCO-AGT-008', {
    what: `The overlay ${overlay} cannot be made.`,
    why: words[0] ?? 'The system gave no reason.',
    fix: ['Look whether the volume is full or read-only: kubectl describe pod, and df on the volume.', 'Enlarge the claim or delete files from it.'],
    evidence: words,
    cause: error,
  })
}

function setAside(overlay: string, at: Date, log: Logger, why: string): void {
  const old = `${overlay}.${at.toISOString().replaceAll(/\D/g, '').slice(0, 14)}.old`
  renameSync(overlay, old)
  if (existsSync(noteOf(overlay))) renameSync(noteOf(overlay), `${old}.json`)
  log.warn('The old overlay does not belong to the base disk and is kept aside, as LOCO_BASE_CHANGED=fresh asks.', { old, why })
}

const noteOf = (overlay: string): string => `${overlay}.json`

function readNote(overlay: string): OverlayNote | undefined {
  try {
    const note = v.safeParse(overlayNote, JSON.parse(readFileSync(noteOf(overlay), 'utf8')))
    return note.success ? note.output : undefined
  } catch {
    return undefined
  }
}

function writeNote(overlay: string, note: OverlayNote): void {
  const making = `${noteOf(overlay)}.making`
  writeFileSync(making, `${JSON.stringify(note, undefined, 2)}\n`, { flush: true })
  renameSync(making, noteOf(overlay))
}

function factsOf(path: string): FileFacts | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() ? { path, size: stat.size, mtime: Math.round(stat.mtimeMs) } : undefined
}

/** The image build writes the checksum of its disk beside it (as `sha256sum` does), so that no start waits for it. */
function builtinSha256(path: string): string | undefined {
  const file = `${path}.sha256`
  return existsSync(file) ? /^[0-9a-f]{64}/.exec(readFileSync(file, 'latin1'))?.[0] : undefined
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(4)
  const descriptor = openSync(path, 'r')
  try {
    readSync(descriptor, bytes, 0, 4, 0)
  } finally {
    closeSync(descriptor)
  }
  return bytes
}

async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const sum = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), sum, signal === undefined ? {} : { signal })
  return sum.digest('hex')
}

function wordsOf(error: unknown): string[] {
  const { stderr, message } = error as { stderr?: unknown; message?: unknown }
  const text = typeof stderr === 'string' && stderr.trim() !== '' ? stderr : String(message ?? error)
  return text.trim().split('\n')
}
