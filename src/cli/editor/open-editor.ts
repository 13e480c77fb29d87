import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { packageRoot } from '../../base/package-root.ts'
import { handOver, makeFolder, type Person } from '../../operations/state-folder.ts'
import type { Tell } from '../../sandbox/progress.ts'
import { builds } from './builds.ts'
import { findCode, openCode } from './desktop-code.ts'
import { installServer } from './install-server.ts'
import { linkExtension } from './link-extension.ts'
import { VscodeServer } from './vscode-server.ts'
import { type FleetWorkspace, writeNew } from './workspace.ts'

export type EditorChoice = 'auto' | 'code' | 'server'

export interface OpenOptions {
  choice: EditorChoice
  workspace: FleetWorkspace
  /** The folder of all caches of Loco Cluster. */
  cache: string
  person: Person
  env: NodeJS.ProcessEnv
  tell: Tell
  signal?: AbortSignal
}

/** An editor that was opened. */
export interface OpenedEditor {
  /** What a person must know of it, in sentences. */
  lines: readonly string[]
  /** Rejects when the editor ends although nobody closed it. */
  broken: Promise<never>
  /** Ends what must end with us: the server. The window of a desktop editor is the person's. */
  close(): Promise<void>
}

/** Ports that are tried: always the same, so that the browser finds what it kept for this editor. */
const ports = '8940-8949'

/** What a new person's server begins with: no telemetry, no assistant, and no search for ports to forward, since the browser is on this machine. */
const firstSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'remote.autoForwardPorts': false,
  'update.mode': 'none',
  // The one question before anything runs; without it the window would begin restricted and say so in its banner only.
  'security.workspace.trust.startupPrompt': 'always',
}

/**
 * Opens the fleet's folder in an editor with the extension: in the desktop editor of the person, else in the VS Code server in a browser.
 * @throws LOCO-ENV-020, -021, -022
 */
export async function openEditor(options: OpenOptions): Promise<OpenedEditor> {
  const { choice, workspace, person, env } = options
  const code = choice === 'server' ? undefined : findCode(person, env)
  if (code !== undefined && 'command' in code) {
    await openCode(code.command, packageRoot(), workspace, person, env)
    return {
      broken: new Promise(() => {}),
      lines: [t`The editor: ${code.command} opens ${workspace.folder}.`, t('Loco Cluster is in its activity bar.')],
      close: async () => {},
    }
  }
  if (choice === 'code') {
    throw new LocoError('LOCO-ENV-021', {
      what: code?.refused ?? t('There is no command code on the path.'),
      fix: [t('npm start -- --editor server'), t('or install Visual Studio Code 1.105 or newer with its command code on the path')],
    })
  }
  const opened = await openServer(options)
  return code === undefined ? opened : { ...opened, lines: [code.refused, ...opened.lines] }
}

async function openServer({ workspace, cache, person, env, tell, signal }: OpenOptions): Promise<OpenedEditor> {
  const installed = await installServer({ build: builds.newest, cache, person, env, tell, ...(signal && { signal }) })
  const [data, extensions] = [join(cache, 'vscode', 'data'), join(cache, 'vscode', 'extensions')]
  makeFolder(join(data, 'data', 'User'), person)
  makeFolder(extensions, person)
  writeNew(join(data, 'data', 'User', 'settings.json'), `${JSON.stringify(firstSettings, null, 2)}\n`, person)
  await linkExtension(packageRoot(), extensions)
  handOver(join(extensions, 'extensions.json'), person)
  // In a file, because anybody on this machine can read a command line.
  const tokenFile = join(data, `token-${process.pid}`)
  const token = randomBytes(24).toString('base64url')
  writeFileSync(tokenFile, token, { mode: 0o600 })
  handOver(tokenFile, person)
  const forget = (): void => rmSync(tokenFile, { force: true })
  try {
    const server = await VscodeServer.start({ installed, data, extensions, port: ports, tokenFile, person, env })
    let closing = false
    const broken = new Promise<never>((_, reject) => {
      void server.ended.then(() => {
        if (!closing) reject(server.refusal(t('The VS Code server has ended by itself.')))
      })
    })
    const remote = `vscode-remote://127.0.0.1:${server.port}${workspace.values}`
    const query = new URLSearchParams({ tkn: token, folder: workspace.folder, payload: JSON.stringify([['openFile', remote]]) })
    const url = `http://127.0.0.1:${server.port}/?${query}`
    return {
      lines: [
        t`The editor: ${url}`,
        t('Open this address in a browser on this machine; whoever knows it can use this machine as you. Loco Cluster is in the activity bar.'),
      ],
      broken,
      // The server reads the file when the first window comes, not when it starts.
      close: () => {
        closing = true
        forget()
        return server.stop()
      },
    }
  } catch (error) {
    forget()
    throw error
  }
}
