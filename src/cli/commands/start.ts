import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { Command, Option } from 'commander'
import { systemClock } from '../../base/clock.ts'
import { asLocoError, type LocoError } from '../../base/error.ts'
import { podName } from '../../contracts/names.ts'
import { AgentClient } from '../../fleet/agent-client.ts'
import { toStatusDocument } from '../../fleet/status-document.ts'
import { FleetWatcher } from '../../fleet/watcher.ts'
import { ProgressLine } from '../../operations/progress-line.ts'
import { personOf } from '../../operations/state-folder.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'
import type { MakeCommand } from '../command.ts'
import { type Connection, connect } from '../connect.ts'
import type { EditorChoice } from '../editor/open-editor.ts'
import { openOrSay } from '../editor/open-or-say.ts'
import { openSandbox } from '../open-sandbox.ts'
import { operateFromTerminal } from '../operate.ts'
import { dnsLabel, wholeNumber } from '../options.ts'
import { statusText } from '../status-text.ts'
import type { Terminal } from '../terminal.ts'
import { table } from '../text.ts'
import { noClusterHere } from '../unable.ts'

interface StartFlags {
  replicas: number
  namespace: string
  /** False: none. */
  editor: EditorChoice | 'none' | false
  detach: boolean
}

interface Fleet {
  namespace: string
  release: string
}

const release = 'loco'

/** What `npm start` runs: the sandbox, a Bootstrap with the demo guest, the fleet shown, the editor; then it stays until Ctrl-C and switches everything off. */
export const startCommand: MakeCommand = (terminal, setExit) =>
  new Command('start')
    .description(t('the whole demo: sandbox, Bootstrap, the fleet and its pictures, the editor; Ctrl-C switches everything off'))
    .option('--replicas <n>', t('how many emulators'), wholeNumber(1, 9), 3)
    .option('--namespace <name>', t('namespace of the fleet'), dnsLabel, 'loco')
    .addOption(
      new Option('--editor <which>', t('code: your Visual Studio Code; server: VS Code in a browser; auto: the first that can be had; none'))
        .choices(['auto', 'code', 'server', 'none'])
        .default('auto'),
    )
    .option('--no-editor', t('the same as --editor none'))
    .option('--detach', t('leave the fleet running and end; opens no editor'), false)
    .action(async ({ replicas, namespace, editor, detach }: StartFlags) => {
      const fleet = { namespace, release }
      const sandbox = openSandbox(terminal, new ProgressLine(terminal))
      const wasUp = (await sandbox.access()) !== undefined
      if (!wasUp) await assertSomewhere(terminal, await sandbox.preflight())
      const report = await operateFromTerminal(
        terminal,
        {
          operation: 'bootstrap',
          cluster: 'auto',
          ...fleet,
          values: [],
          set: [],
          replicas,
          rebuildEmulators: true,
          only: [],
          timeout: defaultTimeouts.bootstrap,
        },
        { output: 'text', plan: false, yes: true },
      )
      setExit(report.exit)
      if (report.exit === 0) {
        await showFleet(terminal, fleet, replicas)
        terminal.stdout.write(nextSteps())
        if (!detach) {
          const opened = editor === 'none' || editor === false ? undefined : await openOrSay(terminal, editor, { ...fleet, replicas }, setExit)
          await untilTheEnd(terminal)
          await opened?.close()
        }
      }
      // What this command started it also ends; a sandbox that ran before is somebody else's to stop.
      if (!wasUp && !detach) await switchOff(terminal)
    })

/** Refuses, with everything that is missing in one screen, where neither a sandbox nor a cluster of the kubeconfig can be had. */
async function assertSomewhere(terminal: Terminal, refusals: readonly LocoError[]): Promise<void> {
  if (refusals.length === 0) return
  try {
    const connection = await connect(terminal, undefined)
    try {
      await connection.client.version(terminal.interrupted)
    } finally {
      connection.dispose()
    }
  } catch (error) {
    throw noClusterHere(refusals, asLocoError(error))
  }
}

async function showFleet(terminal: Terminal, fleet: Fleet, replicas: number): Promise<void> {
  const connection = await connect(terminal, undefined)
  const name = { context: connection.context, ...fleet }
  const watcher = new FleetWatcher({ client: connection.client, ...name })
  try {
    watcher.start()
    await watcher.settled({ timeout: 5_000, signal: terminal.interrupted })
    terminal.stdout.write(`\n${statusText(toStatusDocument(name, watcher.store), terminal)}\n`)
    for (const file of await savePictures(terminal, connection, fleet, replicas)) terminal.stdout.write(`${t`picture  ${file}`}\n`)
  } finally {
    watcher.dispose()
    connection.dispose()
  }
}

/** Saves the picture of each emulator in the person's cache folder. @returns the files */
async function savePictures(terminal: Terminal, connection: Connection, fleet: Fleet, replicas: number): Promise<string[]> {
  const folder = join(terminal.env['XDG_CACHE_HOME'] ?? join(personOf(terminal.env).home, '.cache'), 'loco-cluster', 'screens')
  await mkdir(folder, { recursive: true })
  return Promise.all(
    Array.from({ length: replicas }, async (_, ordinal) => {
      const file = join(folder, `instance-${ordinal}.png`)
      await writeFile(file, await new AgentClient(connection.client, fleet.namespace, podName(fleet.release, ordinal)).screen(terminal.interrupted))
      return file
    }),
  )
}

function nextSteps(): string {
  const steps = [
    ['loco status --watch', t('see each change')],
    ['loco screen shot instance-0 -o shot.png', t('a fresh picture')],
    ['loco screen keys instance-0 "hello"', t('type into a machine')],
    ['loco logs instance-0 --follow', t('what its agent says')],
    ['loco rebuild emulator', t('after a change of containers/qemu-softgpu')],
    ['loco destroy', t('take the fleet away (disks are kept)')],
  ]
  const heading = t('What to do next (npm run loco -- COMMAND, or loco COMMAND where it is on the path):')
  return `\n${heading}\n${table(steps.map(([command = '', what = '']) => [`  ${command}`, what]))}`
}

/** Stays until Ctrl-C, or until somebody else switches off the sandbox that the fleet runs on. */
async function untilTheEnd(terminal: Terminal): Promise<void> {
  terminal.stdout.write(`\n${t('The fleet runs until Ctrl-C here, or npm run stop from elsewhere.')}\n`)
  const sandbox = openSandbox(terminal, new ProgressLine(terminal))
  const onSandbox = (await sandbox.access()) !== undefined
  while (!terminal.interrupted.aborted && (!onSandbox || (await sandbox.access()) !== undefined)) {
    await systemClock.sleep(1_000, terminal.interrupted).catch(() => undefined)
  }
}

async function switchOff(terminal: Terminal): Promise<void> {
  const line = new ProgressLine(terminal)
  line.show({ sentence: t('Switching everything off …') })
  await openSandbox(terminal, line).down({})
  line.end()
  terminal.stdout.write(`${t('Everything is off. Objects, disks and images are kept; npm start brings the fleet back.')}\n`)
}
