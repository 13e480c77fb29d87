import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { KubeContext } from '../../kube/kubeconfig.ts'
import type { Connections } from '../connection/connections.ts'
import { looksLocal } from './looks-local.ts'

/** Lets the person choose which contexts the view looks at. An own choice of this workspace: the kubeconfig is not written. */
export async function selectContexts(connections: Connections): Promise<void> {
  await connections.ready()
  const [problem] = connections.problems
  if (connections.contexts.length === 0 && problem !== undefined) throw problem
  const picks = connections.contexts.map((context) => ({ ...pickOf(context), picked: connections.selected.includes(context.name) }))
  const chosen = await vscode.window.showQuickPick(picks, {
    canPickMany: true,
    title: t('Contexts that the Fleet view looks at'),
    placeHolder: t('None: a sandbox that runs on this machine, else the current context'),
    matchOnDescription: true,
    matchOnDetail: true,
  })
  if (chosen !== undefined) connections.select(chosen.map(({ label }) => label))
}

function pickOf(context: KubeContext): vscode.QuickPickItem {
  const { name, server = '', file } = context
  return { label: name, description: looksLocal(context) ? server : `$(shield) ${t`production · ${server}`}`, detail: file }
}
