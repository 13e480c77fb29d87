import * as vscode from 'vscode'
import type { Disposable } from '../../base/disposable.ts'

/** Where the texts come from. */
export interface DocumentSource {
  text(uri: vscode.Uri): Promise<string>
  /** Texts that are other ones now. */
  readonly changes?: vscode.Event<vscode.Uri>
}

interface Loaded {
  readonly bytes: Uint8Array
  readonly changed: number
  readonly at: number
}

/** Milliseconds for which a text counts as just read: VS Code asks for its size and then for itself. */
const fresh = 1_000
const started = Date.now()

/**
 * Texts of ours as documents that can only be read. As a file system, because VS Code brings only files back after a reload of the window: the scheme is
 * in the activation events, so that a tab finds us again.
 */
export class ReadOnlyDocuments implements vscode.FileSystemProvider {
  readonly #source: DocumentSource
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  readonly #loaded = new Map<string, Loaded>()

  static register(scheme: string, source: DocumentSource): Disposable {
    const documents = new ReadOnlyDocuments(source)
    return vscode.Disposable.from(
      vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: true, isCaseSensitive: true }),
      source.changes?.((uri) => documents.#changed(uri)) ?? { dispose: () => {} },
      documents.#changes,
    )
  }

  private constructor(source: DocumentSource) {
    this.#source = source
  }

  readonly onDidChangeFile = this.#changes.event

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {})
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, changed } = await this.#load(uri)
    return { type: vscode.FileType.File, ctime: started, mtime: changed, size: bytes.length, permissions: vscode.FilePermission.Readonly }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#load(uri)).bytes
  }

  readDirectory(): [string, vscode.FileType][] {
    return []
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri)
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri)
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri)
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri)
  }

  #changed(uri: vscode.Uri): void {
    const known = this.#loaded.get(uri.toString())
    if (known !== undefined) this.#loaded.set(uri.toString(), { ...known, at: 0 })
    this.#changes.fire([{ type: vscode.FileChangeType.Changed, uri }])
  }

  async #load(uri: vscode.Uri): Promise<Loaded> {
    const key = uri.toString()
    const known = this.#loaded.get(key)
    if (known !== undefined && Date.now() - known.at < fresh) return known
    const bytes = Buffer.from(await this.#source.text(uri))
    const same = known !== undefined && bytes.equals(known.bytes)
    const loaded = { bytes, changed: same ? known.changed : Math.max(Date.now(), (known?.changed ?? 0) + 1), at: Date.now() }
    this.#loaded.set(key, loaded)
    return loaded
  }
}
