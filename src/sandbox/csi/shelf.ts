import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is known of a volume or a snapshot beside its files. */
export interface ShelfRecord {
  id: string
  /** Size as it was asked for. */
  bytes: number
  /** ISO time. */
  created: string
  /** What it is a copy of: `snapshot/ID`, `volume/ID`; null for an empty one. */
  source: string | null
}

/** A name that no id can have: what is in the making or going. */
const rest = (id: string): string => `.${id}.${randomUUID()}`

/**
 * Folders that exist whole or not at all: `<folder>/<id>/record.json` and `<folder>/<id>/data`. One is made beside its place and moved there as the last step,
 * and moved away as the first step of its end; what a crash leaves in between is cleared by the next `open`.
 */
export class Shelf {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<Shelf> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder)) if (name.startsWith('.')) await discard(join(folder, name))
    return new Shelf(folder)
  }

  /** Folder with the files of a thing. */
  dataOf(id: string): string {
    return join(this.#folder, id, 'data')
  }

  async read(id: string): Promise<ShelfRecord | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, id, 'record.json'), 'utf8')) as ShelfRecord
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** All that is there, by id. */
  async list(): Promise<ShelfRecord[]> {
    const ids = (await readdir(this.#folder)).filter((name) => !name.startsWith('.')).sort()
    return (await Promise.all(ids.map((id) => this.read(id)))).filter((record) => record !== undefined)
  }

  /** Adds a thing; `fill` puts its files into an empty folder that belongs to root, as a fresh disk would. Nothing is left when that fails. */
  async add(record: ShelfRecord, fill: (data: string) => Promise<void>): Promise<void> {
    const making = join(this.#folder, rest(record.id))
    try {
      await mkdir(join(making, 'data'), { recursive: true, mode: 0o755 })
      await fill(join(making, 'data'))
      await writeFile(join(making, 'record.json'), JSON.stringify(record))
      await rename(making, join(this.#folder, record.id))
    } catch (error) {
      await discard(making)
      throw error
    }
  }

  /** Takes a thing away; one that is not there is gone already. */
  async remove(id: string): Promise<void> {
    const going = join(this.#folder, rest(id))
    try {
      await rename(join(this.#folder, id), going)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw error
    }
    await discard(going)
  }
}

/** Tries again for a moment where a program that was told to end still writes. */
const discard = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
