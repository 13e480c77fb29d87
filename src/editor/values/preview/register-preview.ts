import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../../base/disposable.ts'
import { ReadOnlyDocuments } from '../../actions/read-only-documents.ts'
import type { Services } from '../../services.ts'
import type { Places } from '../places.ts'

/** The command that shows what a values file would change, and the documents that it shows. */
export function registerPreview(services: Services, places: Places): Disposable {
  const scope = new Scope()
  const stale = scope.add(new vscode.EventEmitter<vscode.Uri>())
  let previews: Promise<import('./previews.ts').Previews> | undefined
  const load = (): Promise<import('./previews.ts').Previews> => {
    previews ??= import('./previews.ts').then(({ Previews }) => {
      const made = scope.add(new Previews(services, places))
      scope.add(made.changes((uri) => stale.fire(uri)))
      return made
    })
    return previews
  }
  scope.add(
    ReadOnlyDocuments.register('loco-preview', {
      text: async (uri) => (vscode.workspace.isTrusted ? (await load()).text(uri) : ''),
      changes: stale.event,
    }),
  )
  services.commands.register('previewValues', async (resource) => {
    const document = resource instanceof vscode.Uri ? await vscode.workspace.openTextDocument(resource) : vscode.window.activeTextEditor?.document
    const place = document && places.of(document)
    if (document === undefined || place === undefined || place.role === 'template')
      return void vscode.window.showInformationMessage(t('Open a values file of the chart first.'))
    await (await load()).show(document)
  })
  return scope
}
