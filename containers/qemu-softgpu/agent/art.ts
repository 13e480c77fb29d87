import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import type { Logger } from '../../../src/base/logger.ts'
import { type ArtTrouble, artTrouble } from '../../../src/contracts/agent.ts'

/** Which base disk the emulator takes: the one in the folder that all emulators share, or the one in the image. Left by the step `art` for the agent. */
export const artChoice = v.object({
  schema: v.literal('loco.art/1'),
  choice: v.picklist(['shared', 'builtin']),
  /** Why it is not the first choice; null when it is. */
  why: v.nullable(artTrouble),
})
export type ArtChoice = v.InferOutput<typeof artChoice>

/** What stands beside the shared disk: its checksum, which holds only for a file of this size and date. */
const sharedNote = v.object({ schema: v.literal('loco.shared/1'), sha256: v.string(), size: v.number(), mtime: v.number() })

/** Where everything lies. */
export interface ArtPlaces {
  /** Folder that all emulators share, as this container has it. */
  artDir: string
  /** The disk in it. */
  sharedDisk: string
  builtinDisk: string
  runDir: string
}

/** Milliseconds: a copy that has not grown for so long belongs to a pod that is gone; and how long to wait for one that grows. */
export const patience = { stale: 15_000, whole: 600_000, look: 250 }

/**
 * Sees to it that the shared folder holds a base disk: one that is there is taken, else the one of the image is copied to it, whole or not at all.
 * A folder that cannot serve (gone and made anew by the kubelet, read-only, full) never stops an emulator: the disk in the image serves instead, with the reason.
 */
export async function chooseArt(places: ArtPlaces, log: Logger): Promise<ArtChoice> {
  try {
    const copied = await provide(places, log)
    await readable(places.sharedDisk)
    log.info('The shared folder has a base disk.', { disk: places.sharedDisk, copied })
    return { schema: 'loco.art/1', choice: 'shared', why: null }
  } catch (error) {
    const why = troubleOf(codeOf(error))
    log.warn('The shared folder cannot be used; the disk in the image is used instead.', { folder: places.artDir, why, error: String(error) })
    return { schema: 'loco.art/1', choice: 'builtin', why }
  }
}

/** Leaves the choice for the agent. */
export async function leaveChoice(runDir: string, choice: ArtChoice): Promise<void> {
  await writeFile(choiceFile(runDir), `${JSON.stringify(choice)}\n`, { flush: true })
}

/** The choice that the step left; undefined where there is no such step. */
export async function readChoice(runDir: string): Promise<ArtChoice | undefined> {
  try {
    const found = v.safeParse(artChoice, JSON.parse(await readFile(choiceFile(runDir), 'utf8')))
    return found.success ? found.output : undefined
  } catch {
    return undefined
  }
}

/** Checksum of the shared disk as its note tells it; undefined when no note fits the file as it is, as for a disk that a person put there. */
export async function sharedSha256(disk: string): Promise<string | undefined> {
  try {
    const note = v.parse(sharedNote, JSON.parse(await readFile(noteOf(disk), 'utf8')))
    const now = await stat(disk)
    return now.size === note.size && Math.round(now.mtimeMs) === note.mtime ? note.sha256 : undefined
  } catch {
    return undefined
  }
}

/** @returns true when this call put the disk there */
async function provide(places: ArtPlaces, log: Logger): Promise<boolean> {
  const end = Date.now() + patience.whole
  for (;;) {
    if (await isFile(places.sharedDisk)) return false
    const lock = `${places.sharedDisk}.making`
    const held = await tryToHold(lock)
    if (held !== undefined) {
      try {
        await held.close()
        // Another pod may have finished between the look and the lock.
        if (await isFile(places.sharedDisk)) return false
        await copy(places, lock)
        return true
      } finally {
        await rm(lock, { force: true })
      }
    }
    if (Date.now() > end) throw new Error('Another pod is copying the disk, and does not come to an end.')
    await removeStale(lock, log)
    await sleep(patience.look)
  }
}

async function tryToHold(lock: string): Promise<FileHandle | undefined> {
  try {
    return await open(lock, 'wx')
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined
    throw error
  }
}

async function removeStale(lock: string, log: Logger): Promise<void> {
  const found = await stat(lock).catch(() => undefined)
  if (found === undefined || Date.now() - found.mtimeMs < patience.stale) return
  log.warn('A pod that copied the disk is gone; the copy is begun anew.', { lock })
  await rm(lock, { force: true })
}

/** Clears away what dead pods left, then copies: under a name of its own, proved against the checksum of the source, and only then under the disk's name. */
async function copy({ artDir, builtinDisk, sharedDisk }: ArtPlaces, lock: string): Promise<void> {
  for (const name of await readdir(artDir))
    if (name.startsWith(`${basename(sharedDisk)}.`) && name.includes('.part')) await rm(join(artDir, name), { force: true })
  const part = `${sharedDisk}.${randomUUID()}.part`
  try {
    const target = await open(part, 'wx', 0o444)
    const sum = createHash('sha256')
    try {
      for await (const piece of createReadStream(builtinDisk, { highWaterMark: 1024 * 1024 })) {
        sum.update(piece)
        await target.writeFile(piece)
        await touch(lock)
      }
      await target.sync()
    } finally {
      await target.close()
    }
    const sha256 = sum.digest('hex')
    if ((await sha256Of(part)) !== sha256) throw new Error('What was written is not what is read back.')
    const { size, mtimeMs } = await stat(part)
    const note = `${part}.json`
    await writeFile(note, `${JSON.stringify({ schema: 'loco.shared/1', sha256, size, mtime: Math.round(mtimeMs) })}\n`, { flush: true })
    await rename(note, noteOf(sharedDisk))
    await rename(part, sharedDisk)
  } catch (error) {
    // What cannot be removed either is not the news.
    for (const left of [part, `${part}.json`]) await rm(left, { force: true }).catch(() => {})
    throw error
  }
}

async function touch(file: string): Promise<void> {
  const now = new Date()
  await utimes(file, now, now)
}

async function sha256Of(path: string): Promise<string> {
  const sum = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) sum.update(piece)
  return sum.digest('hex')
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

async function readable(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.read(Buffer.alloc(512), 0, 512, 0)
  } finally {
    await file.close()
  }
}

const noteOf = (disk: string): string => `${disk}.json`
const choiceFile = (runDir: string): string => join(runDir, 'art.json')

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'unknown'
}

function troubleOf(code: string): ArtTrouble {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'full'
    case 'EROFS':
      return 'read-only'
    case 'EACCES':
    case 'EPERM':
      return 'denied'
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing'
    default:
      return 'unusable'
  }
}
