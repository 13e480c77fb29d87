import { t } from '@vscode/l10n'
import { type Disposable, disposable } from '../base/disposable.ts'
import { LocoError } from '../base/error.ts'
import { KubeClient } from '../kube/client.ts'
import { type Kubeconfig, loadKubeconfig } from '../kube/kubeconfig.ts'
import { ProgressLine } from '../operations/progress-line.ts'
import type { SandboxAccess } from '../sandbox/sandbox.ts'
import { openSandbox } from './open-sandbox.ts'
import type { Terminal } from './terminal.ts'

/** A cluster that a command speaks with, for as long as the command runs. */
export interface Connection extends Disposable {
  readonly client: KubeClient
  readonly kubeconfig: Kubeconfig
  readonly context: string
  /** The sandbox of this machine, where it runs and is ours to read. */
  readonly sandbox: SandboxAccess | undefined
}

/**
 * Reads every kubeconfig and opens the chosen context: the named one, else a running sandbox, else the current context.
 * @throws coded errors of src/kube for unreadable files and unknown contexts; LOCO-USE-005 when there is no context at all.
 */
export async function connect(terminal: Terminal, wanted: string | undefined): Promise<Connection> {
  const sandbox = await openSandbox(terminal, new ProgressLine(terminal)).access()
  const kubeconfig = await loadKubeconfig({ env: terminal.env, extraFiles: sandbox === undefined ? [] : [sandbox.kubeconfig] })
  const context = wanted ?? sandbox?.context ?? kubeconfig.currentContext
  if (context === undefined) {
    throw new LocoError('LOCO-USE-005', {
      what: t('There is no cluster to speak with: no sandbox runs and the kubeconfig has no current context.'),
      fix: ['sudo loco sandbox up', t('or name one: --context NAME (kubectl config get-contexts lists them)')],
    })
  }
  const client = new KubeClient(kubeconfig, context)
  return { client, kubeconfig, context, sandbox, ...disposable(() => client.dispose()) }
}
