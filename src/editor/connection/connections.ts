import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { sandboxPaths } from '../../sandbox/paths.ts'
import { plan } from '../../sandbox/plan.ts'
import { onSettings, settings } from '../settings.ts'
import { FleetHub } from './hub.ts'

const selectionKey = 'loco.contexts'

/** The clusters and fleets of this window: the hub with the settings, the memory and the trust of the workspace. */
export class Connections extends FleetHub {
  readonly #scope = new Scope()
  #visible = false
  #seen = false
  #watching: Disposable | undefined

  constructor({ context, log }: { context: vscode.ExtensionContext; log: Logger }) {
    super({
      env: process.env,
      log,
      extraFiles: settings.kubeconfig,
      namespace: () => settings.namespace(),
      allowed: () => vscode.workspace.isTrusted,
      selection: {
        read: () => context.workspaceState.get<readonly string[]>(selectionKey),
        write: (contexts) => void context.workspaceState.update(selectionKey, contexts),
      },
      // Only Linux can hold a sandbox.
      sandbox: process.platform === 'linux' ? { context: plan.context, file: sandboxPaths(process.env).kubeconfig } : undefined,
    })
    this.#scope.add(onSettings('kubeconfig', 'namespace')(() => this.restart()))
    this.#scope.add(onSettings('fleet.watch')(() => this.#follow()))
    this.#scope.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.wake()))
  }

  /** The Fleet view is looked at, or no longer. */
  setVisible(visible: boolean): void {
    this.#visible = visible
    this.#seen ||= visible
    this.#follow()
  }

  override async ready(): Promise<void> {
    this.#seen = true
    this.#follow()
    await super.ready()
  }

  override dispose(): void {
    this.#scope.dispose()
    this.#watching?.dispose()
    super.dispose()
  }

  #follow(): void {
    const wanted = this.#visible || (this.#seen && settings.fleetWatch() === 'always')
    if (wanted) this.#watching ??= this.watch()
    else {
      this.#watching?.dispose()
      this.#watching = undefined
    }
  }
}
