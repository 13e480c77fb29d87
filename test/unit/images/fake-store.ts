import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { NodeImage, NodeImageStore } from '../../../src/images/node-store.ts'

/** A fake node: its archives are texts of the form `id ref ref …`; it keeps a record of what was asked of it. */
export class FakeStore implements NodeImageStore {
  readonly calls: string[] = []
  readonly #names = new Map<string, string>()
  readonly #used: readonly string[]
  /** What an import makes of the id in the archive; runtimes that keep the old image return another. */
  spoil: (id: string) => string = (id) => id

  constructor(images: Record<string, string> = {}, used: readonly string[] = []) {
    for (const [ref, id] of Object.entries(images)) this.#names.set(ref, id)
    this.#used = used
  }

  async list(): Promise<NodeImage[]> {
    const ids = [...new Set(this.#names.values())]
    return ids.map((id) => ({ id, refs: [...this.#names].filter(([, one]) => one === id).map(([ref]) => ref) }))
  }
  async id(reference: string): Promise<string | undefined> {
    return this.#names.get(reference)
  }
  async has(referenceOrId: string): Promise<boolean> {
    return this.#names.has(referenceOrId) || [...this.#names.values()].includes(referenceOrId)
  }
  async put(archive: Readable): Promise<void> {
    const [id = '', ...refs] = (await text(archive)).split(' ')
    this.calls.push(`put ${refs.length}`)
    for (const ref of refs) this.#names.set(ref, this.spoil(id))
  }
  async tag(id: string, references: readonly string[]): Promise<void> {
    this.calls.push(`tag ${references.join(' ')}`)
    for (const ref of references) this.#names.set(ref, id)
  }
  async remove(referencesOrIds: readonly string[]): Promise<void> {
    this.calls.push(`remove ${referencesOrIds.join(' ')}`)
    for (const [ref, id] of this.#names) if (referencesOrIds.includes(ref) || referencesOrIds.includes(id)) this.#names.delete(ref)
  }
  async usage(): Promise<Set<string>> {
    return new Set(this.#used)
  }
}
