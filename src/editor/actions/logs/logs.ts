import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../../base/disposable.ts'
import { type FleetSession, fleetKey } from '../../fleets.ts'
import type { Services } from '../../services.ts'
import { podOf } from '../pod-of.ts'
import { reach, requireRight, withFleet } from '../reach.ts'
import { feedOf, type LogSubject, linkText, requirePrevious } from './log-feed.ts'
import { LogTerminal } from './log-terminal.ts'
import { keepWholeLog, logFileName } from './whole-log.ts'

interface Shown {
  readonly terminal: vscode.Terminal
  readonly pty: LogTerminal
  readonly subject: LogSubject
}

interface WholeLogLink extends vscode.TerminalLink {
  readonly subject: LogSubject
}

/** The logs that are shown in this window: one terminal for each, and the link in it that opens the whole log as a document. */
export class Logs implements Disposable, vscode.TerminalLinkProvider<WholeLogLink> {
  readonly #services: Services
  readonly #shown = new Map<string, Shown>()
  readonly #scope = new Scope()

  constructor(services: Services) {
    this.#services = services
    this.#scope.add(vscode.window.registerTerminalLinkProvider(this))
    this.#scope.add(
      vscode.window.onDidCloseTerminal((closed) => {
        for (const [key, { terminal }] of this.#shown) if (terminal === closed) this.#shown.delete(key)
      }),
    )
  }

  /** Shows a log, in its terminal if that is open already. @throws coded errors: no connection, no right, no previous run */
  async show(subject: LogSubject): Promise<void> {
    const key = keyOf(subject)
    const shown = this.#shown.get(key)
    if (shown?.pty.following) return shown.terminal.show()
    shown?.terminal.dispose()
    const reached = await reach(this.#services.fleets, subject.ref.fleet)
    try {
      await requireRight(reached.session, 'logs')
      if (subject.previous) requirePrevious(reached.session, subject)
    } catch (error) {
      reached.lease.dispose()
      throw error
    }
    const pty = new LogTerminal(feedOf(subject, reached))
    const { emulator } = subject.ref
    const name = subject.previous ? t`previous log of ${emulator}` : t`log of ${emulator}`
    const terminal = vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon(subject.previous ? 'history' : 'output'), isTransient: true })
    this.#shown.set(key, { terminal, pty, subject })
    terminal.show()
  }

  provideTerminalLinks({ line, terminal }: vscode.TerminalLinkContext): WholeLogLink[] {
    const subject = [...this.#shown.values()].find((shown) => shown.terminal === terminal)?.subject
    const startIndex = line.indexOf(linkText())
    if (subject === undefined || startIndex === -1) return []
    return [{ startIndex, length: linkText().length, tooltip: t('Fetch all that the node keeps of this log, and open it as a document'), subject }]
  }

  async handleTerminalLink({ subject }: WholeLogLink): Promise<void> {
    try {
      await this.openWhole(subject)
    } catch (error) {
      await this.#services.tell.error(error)
    }
  }

  /** Fetches all that the node keeps of a log and opens it as a document, at its end. */
  async openWhole(subject: LogSubject): Promise<void> {
    const { context, fleets } = this.#services
    const { ref } = subject
    const storage = context.storageUri ?? context.globalStorageUri
    const title = t`Fetching the log of ${ref.emulator}`
    const kept = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
      withFleet(fleets, ref.fleet, async (session) => {
        await requireRight(session, 'logs')
        const cancel = new AbortController()
        token.onCancellationRequested(() => cancel.abort())
        const { signal } = cancel
        let told = 0
        return keepWholeLog({
          open: () => openOnce(session, subject, signal),
          folder: vscode.Uri.joinPath(storage, 'logs').fsPath,
          name: fileNameOf(subject),
          signal,
          progress: (bytes) => {
            if (Date.now() - told < 200) return
            told = Date.now()
            progress.report({ message: t`${(bytes / 1024 / 1024).toFixed(1)} MiB` })
          },
        })
      }),
    )
    const end = new vscode.Position(Math.max(0, kept.lines), 0)
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(kept.file), { preview: false, selection: new vscode.Range(end, end) })
  }

  dispose(): void {
    for (const { terminal } of this.#shown.values()) terminal.dispose()
    this.#shown.clear()
    this.#scope.dispose()
  }
}

async function openOnce(session: FleetSession, { ref, container, previous }: LogSubject, signal: AbortSignal): Promise<Readable> {
  const [{ streamLogs }, { usualContainer }] = await Promise.all([import('../../../kube/logs.ts'), import('./container-life.ts')])
  const pod = podOf(ref)
  return streamLogs(session.client, {
    namespace: session.id.namespace,
    pod,
    container: container ?? usualContainer(session.objects.pod(pod)),
    previous,
    signal,
  })
}

const keyOf = ({ ref, container = '', previous }: LogSubject): string => `${fleetKey(ref.fleet)}/${ref.emulator}/${container}/${previous}`

function fileNameOf({ ref, container = '', previous }: LogSubject): string {
  const { context, namespace } = ref.fleet
  const place = createHash('sha256').update(context).digest('hex').slice(0, 8)
  return logFileName([podOf(ref), ...(container === '' ? [] : [container]), ...(previous ? ['previous'] : []), namespace, place])
}
