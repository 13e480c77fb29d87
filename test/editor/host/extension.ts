import * as vscode from 'vscode'
import type { LocoApi } from '../../../src/editor/loco-api.ts'

/** What the tests read of package.json. */
interface Manifest {
  contributes: {
    commands: { command: string }[]
    views: Record<string, { id: string }[]>
    viewsContainers: Record<string, { id: string }[]>
    configuration: { properties: Record<string, unknown> }[]
  }
}

/** The extension under test. */
export function extension(): Omit<vscode.Extension<LocoApi>, 'packageJSON'> & { packageJSON: Manifest } {
  const found = vscode.extensions.getExtension<LocoApi>('loco-cluster.loco-cluster')
  if (found === undefined) throw new Error('VS Code does not know the extension')
  return found
}
