import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { asLocoError, type LocoError } from '../../base/error.ts'
import { podName } from '../../contracts/names.ts'
import { AgentClient } from '../../fleet/agent-client.ts'
import { toStatusDocument } from '../../fleet/status-document.ts'
import { FleetWatcher } from '../../fleet/watcher.ts'
import { personOf } from '../../operations/state-folder.ts'
import type { MakeCommand } from '../command.ts'
import { type Connection, connect } from '../connect.ts'
import { openSandbox } from '../open-sandbox.ts'
import { operateFromTerminal } from '../operate.ts'
import { dnsLabel, wholeNumber } from '../options.ts'
import { ProgressLine } from '../progress-line.ts'
import { statusText } from '../status-text.ts'
import type { Terminal } from '../terminal.ts'
import { noClusterHere } from '../unable.ts'

interface StartFlags {
  replicas: number
  namespace: string
  detach: boolean
}

interface Fleet {
  namespace: string
  release: string
}

const release = 'loco'

/** What `npm start` runs: the sandbox, a Bootstrap with the demo guest, the fleet shown; then it stays until Ctrl-C and switches everything off. */
export const startCommand: MakeCommand = (terminal, setExit) =>
  new Command('start')
    .description('the whole demo: sandbox, Bootstrap, the fleet and its pictures; Ctrl-C switches everything off')
    .option('--replicas <n>', 'how many emulators', wholeNumber(1, 9), 3)
    .option('--namespace <name>', 'namespace of the fleet', dnsLabel('namespace'), 'loco')
    .option('--detach', 'leave everything running and end', false)
    .action(async ({ replicas, namespace, detach }: StartFlags) => {
      const fleet = { namespace, release }
      const sandbox = openSandbox(terminal, new ProgressLine(terminal))
      const wasUp = (await sandbox.access()) !== undefined
      if (!wasUp) await assertSomewhere(terminal, await sandbox.preflight())
      const report = await operateFromTerminal(
        terminal,
        { operation: 'bootstrap', cluster: 'auto', ...fleet, values: [], set: [], replicas, rebuildEmulators: true, only: [], timeout: 15 * 60_000 },
        { output: 'text', plan: false, yes: true },
      )
      setExit(report.exit)
      if (report.exit === 0) {
        await showFleet(terminal, fleet, replicas)
        terminal.stdout.write(nextSteps)
        if (!detach) await untilInterrupted(terminal)
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
    for (const file of await savePictures(terminal, connection, fleet, replicas)) terminal.stdout.write(`picture  ${file}\n`)
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

const nextSteps = `
What to do next (npm run loco -- COMMAND, or loco COMMAND where it is on the path):
  loco status --watch                       see each change
  loco screen shot instance-0 -o shot.png   a fresh picture
  loco screen keys instance-0 "hello"       type into a machine
  loco logs instance-0 --follow             what its agent says
  loco rebuild emulator                     after a change of containers/qemu-softgpu
  loco destroy                              take the fleet away (disks are kept)
`

async function untilInterrupted(terminal: Terminal): Promise<void> {
  terminal.stdout.write('\nThe fleet runs until Ctrl-C here, or npm run stop from elsewhere.\n')
  if (terminal.interrupted.aborted) return
  await new Promise<void>((resolve) => {
    // Pending I/O keeps a process alive, a pending promise does not.
    const alive = setInterval(() => {}, 60_000)
    terminal.interrupted.addEventListener('abort', () => {
      clearInterval(alive)
      resolve()
    })
  })
}

async function switchOff(terminal: Terminal): Promise<void> {
  const line = new ProgressLine(terminal)
  line.show({ sentence: 'Switching everything off …' })
  await openSandbox(terminal, line).down({})
  line.end()
  terminal.stdout.write('Everything is off. Objects, disks and images are kept; npm start brings the fleet back.\n')
}
