import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../../base/disposable.ts'
import type { EmulatorRef } from '../../emulator-ref.ts'
import { type Fleets, fleetKey, parseFleetKey } from '../../fleets.ts'
import { type DocumentSource, ReadOnlyDocuments } from '../read-only-documents.ts'
import { DescribedEmulator } from './described-emulator.ts'

const describeScheme = 'loco-describe'
/** Milliseconds until a text that was asked for must be shown. */
const patience = 10_000

/** The document of an emulator: its identity is in the path, so that a tab finds its emulator again after a reload. */
export const describeUri = ({ fleet, emulator }: EmulatorRef): vscode.Uri =>
  vscode.Uri.from({ scheme: describeScheme, path: `/${fleetKey(fleet)}/${emulator}.yaml` })

/** The emulator of such a document; undefined for a path of another form. */
export function describedIn(path: string): EmulatorRef | undefined {
  const [, key = '', emulator] = /^\/(.+)\/([^/]+)\.yaml$/.exec(path) ?? []
  const fleet = parseFleetKey(key)
  return fleet === undefined || emulator === undefined ? undefined : { fleet, emulator }
}

/** Serves descriptions of emulators. While a document is open its fleet is watched and the text follows. */
export class DescribeDocuments implements DocumentSource, Disposable {
  readonly #fleets: Fleets
  readonly #changes = new vscode.EventEmitter<vscode.Uri>()
  readonly #open = new Map<string, DescribedEmulator>()
  readonly #scope = new Scope()

  constructor(fleets: Fleets) {
    this.#fleets = fleets
    this.#scope.add(ReadOnlyDocuments.register(describeScheme, this))
    this.#scope.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#closed(uri)))
  }

  readonly changes = this.#changes.event

  async text(uri: vscode.Uri): Promise<string> {
    const ref = describedIn(uri.path)
    if (ref === undefined) return t('This is not the address of an emulator.')
    const key = uri.toString()
    const described = this.#open.get(key) ?? new DescribedEmulator(ref, this.#fleets.acquire(ref.fleet), () => this.#changes.fire(uri))
    this.#open.set(key, described)
    this.#closeUnlessOpen(uri)
    return described.text()
  }

  dispose(): void {
    for (const described of this.#open.values()) described.dispose()
    this.#open.clear()
    this.#scope.dispose()
    this.#changes.dispose()
  }

  /** A text may be asked for without a document that shows it, and then nothing would ever close it. */
  #closeUnlessOpen(uri: vscode.Uri): void {
    setTimeout(() => {
      if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) this.#closed(uri)
    }, patience).unref()
  }

  #closed(uri: vscode.Uri): void {
    this.#open.get(uri.toString())?.dispose()
    this.#open.delete(uri.toString())
  }
}
