import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import type { Person } from '../../operations/state-folder.ts'
import { tryRun } from '../../sandbox/run.ts'
import { asPerson, environmentOf } from './as-person.ts'
import type { FleetWorkspace } from './workspace.ts'

/** The oldest Visual Studio Code that package.json promises to support. */
const oldest = [1, 105] as const

/** Where `code` is when it is not on the path (sudo cuts the path short). */
const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin/code', '/usr/local/bin/code', '/snap/bin/code'],
  darwin: ['/usr/local/bin/code', '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code'],
}

export interface Machine {
  platform: NodeJS.Platform
  /** Of this process; undefined on Windows. */
  uid: number | undefined
  exists: (path: string) => boolean
}

/** The desktop editor of the person: its command, or why it cannot be used, or undefined when there is none. */
export type DesktopCode = { command: string } | { refused: string } | undefined

/** Looks for the desktop editor by what can be known without starting it. */
export function findCode(person: Person, env: NodeJS.ProcessEnv, { platform, uid, exists }: Machine = thisMachine()): DesktopCode {
  const name = platform === 'win32' ? 'code.cmd' : 'code'
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(platform === 'win32' ? ';' : delimiter).map((folder) => join(folder, name))
  const command = [...onPath, ...(places[platform] ?? [])].find((path) => exists(path))
  if (command === undefined) return undefined
  if (uid === 0 && person.uid === undefined) return { refused: t`${command} does not run as root.` }
  if (env['VSCODE_IPC_HOOK_CLI'] !== undefined) return { refused: t`${command} belongs to a remote window, which cannot load an extension from a folder.` }
  const display = platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined
  return display ? { command } : { refused: t`${command} needs a display, and there is none here.` }
}

/** Why this version is too old; undefined when it will do. `said` is what `code --version` prints. */
export function versionRefusal(said: string): string | undefined {
  const [major = 0, minor = 0] = /^(\d+)\.(\d+)\.\d+/m.exec(said)?.slice(1).map(Number) ?? []
  if (major === 0) return t('It does not say its version.')
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined
  return t`It is version ${[major, minor].join('.')}, and the extension needs ${oldest.join('.')} or newer.`
}

/**
 * Opens the desktop editor as the person who called, with the extension as it is built here: nothing is installed into their editor.
 * @throws LOCO-ENV-021 when it is too old or does not start
 */
export async function openCode(command: string, extension: string, workspace: FleetWorkspace, person: Person, env: NodeJS.ProcessEnv): Promise<void> {
  const surroundings = environmentOf(person, env)
  const asked = asPerson(person, { command, args: ['--version'] })
  const version = await tryRun(asked.command, asked.args, { env: surroundings, timeout: 30_000 })
  const refusal = versionRefusal(version.stdout)
  if (refusal !== undefined) throw cannot(command, refusal)
  const line = asPerson(person, { command, args: ['--new-window', `--extensionDevelopmentPath=${extension}`, workspace.folder, workspace.values] })
  await new Promise<void>((resolve, reject) => {
    // It starts the editor and ends; a launcher that stays (the first start of a desktop) is left alone after a while.
    const child = spawn(line.command, line.args, { env: surroundings, detached: true, stdio: 'ignore', shell: process.platform === 'win32' })
    const settled = setTimeout(resolve, 10_000)
    child.once('error', (error) => reject(cannot(command, error.message)))
    child.once('exit', (code) => {
      clearTimeout(settled)
      if (code === 0) resolve()
      else reject(cannot(command, t`It ended with ${String(code)}.`))
    })
    child.unref()
  })
}

const cannot = (command: string, why: string): LocoError =>
  new LocoError('LOCO-ENV-021', {
    what: t`${command} cannot open the fleet.`,
    why,
    fix: [t('npm start -- --editor server'), t('or install Visual Studio Code 1.105 or newer with its command code on the path')],
  })

const thisMachine = (): Machine => ({ platform: process.platform, uid: process.getuid?.(), exists: existsSync })
