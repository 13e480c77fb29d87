import * as vscode from 'vscode'

/** What is deployed, and what would be. */
export type Side = 'before' | 'after'

export const previewScheme = 'loco-preview'

/** The document with one side of a resource. Its path is what a tab shows; the values file stands in the query. */
export const resourceUri = (file: vscode.Uri, side: Side, resource: string): vscode.Uri =>
  vscode.Uri.from({ scheme: previewScheme, path: `/${side}/${resource}.yaml`, query: file.toString() })

/** The other way round. */
export function sourceOf({ path, query }: vscode.Uri): { file: vscode.Uri; side: Side; resource: string } {
  const [, side, ...resource] = path.split('/')
  return { file: vscode.Uri.parse(query), side: side === 'before' ? 'before' : 'after', resource: resource.join('/').replace(/\.yaml$/, '') }
}
