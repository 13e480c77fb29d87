import { t } from '@vscode/l10n'
import { Argument, Command } from 'commander'
import { LocoError } from '../../base/error.ts'
import type { SandboxStatus } from '../../contracts/sandbox.ts'
import { paintFor } from '../../operations/paint.ts'
import { ProgressLine } from '../../operations/progress-line.ts'
import { type AdditionName, additionNames } from '../../sandbox/additions.ts'
import { csiClass } from '../../sandbox/csi/driver-name.ts'
import type { MakeCommand } from '../command.ts'
import { confirm } from '../confirm.ts'
import { openSandbox } from '../open-sandbox.ts'
import { type OutputOptions, withOutput } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { bytesText, table } from '../text.ts'

export const sandboxCommand: MakeCommand = (terminal, setExit) => {
  const sandbox = new Command('sandbox').description(t('the embedded one-node Kubernetes of this machine (Linux, root)'))

  withOutput(sandbox.command('up').description(t('bring the node up; does only what is missing'))).action(async (options: OutputOptions) => {
    const line = new ProgressLine(terminal)
    const node = openSandbox(terminal, line)
    try {
      const access = await node.up({ signal: terminal.interrupted })
      line.end()
      if (options.output === 'json') writeJson(terminal, await node.status())
      else {
        terminal.stdout.write(`${t('The sandbox is up.')}\n  export KUBECONFIG=${access.kubeconfig}\n  export DOCKER_HOST=${access.dockerHost}\n`)
        terminal.stdout.write(`  export PATH=${access.bin.kubectl.replace(/\/[^/]+$/, '')}:$PATH\n`)
      }
    } finally {
      line.end()
    }
  })

  withOutput(sandbox.command('down').description(t('switch the node off; objects, claims and images stay')))
    .option('--purge', t('take the state away too: objects, disks and images are lost'), false)
    .option('--yes', t('do not ask'), false)
    .action(async (options: OutputOptions & { purge: boolean; yes: boolean }) => {
      const line = new ProgressLine(terminal)
      const node = openSandbox(terminal, line)
      try {
        const before = await node.status()
        if (options.purge && before.kept !== null) {
          const lost = t`all objects, disks and images below ${before.kept.path} (${bytesText(before.kept.bytes)})`
          await confirm(terminal, { yes: options.yes, losses: [lost], question: t('Take the sandbox away for good?') })
        }
        await node.down({ purge: options.purge, signal: terminal.interrupted })
        line.end()
        const after = await node.status()
        if (options.output === 'json') writeJson(terminal, after)
        else if (after.kept === null) terminal.stdout.write(`${t('The sandbox is gone; nothing of it is left on this machine but the cached programs.')}\n`)
        else
          terminal.stdout.write(
            `${t`The node is off. Its state stays in ${after.kept.path} (${bytesText(after.kept.bytes)}); loco sandbox up brings it back.`}\n`,
          )
      } finally {
        line.end()
      }
    })

  withOutput(
    sandbox
      .command('add')
      .description(t('give the node something more, which it keeps; brings the node up'))
      .addArgument(new Argument('<name>', t('csi: claims with snapshots and copies')).choices(additionNames)),
  ).action(async (name: AdditionName, options: OutputOptions) => {
    const line = new ProgressLine(terminal)
    const node = openSandbox(terminal, line)
    try {
      await node.add(name, { signal: terminal.interrupted })
      line.end()
      if (options.output === 'json') writeJson(terminal, await node.status())
      else terminal.stdout.write(`${t`The sandbox is up and has ${name}: StorageClass and VolumeSnapshotClass ${csiClass}.`}\n`)
    } finally {
      line.end()
    }
  })

  withOutput(
    sandbox
      .command('remove')
      .description(t('take what was added away again, while nothing lies on it'))
      .addArgument(new Argument('<name>', t('what was added')).choices(additionNames)),
  ).action(async (name: AdditionName, options: OutputOptions) => {
    const line = new ProgressLine(terminal)
    const node = openSandbox(terminal, line)
    try {
      await node.remove(name, { signal: terminal.interrupted })
      line.end()
      if (options.output === 'json') writeJson(terminal, await node.status())
      else terminal.stdout.write(`${t`The sandbox does not have ${name}.`}\n`)
    } finally {
      line.end()
    }
  })

  withOutput(sandbox.command('status').description(t('one line a part; ends with 13 unless the node is up'))).action(async (options: OutputOptions) => {
    const status = await openSandbox(terminal, new ProgressLine(terminal)).status()
    if (options.output === 'json') writeJson(terminal, status)
    else terminal.stdout.write(statusText(status, terminal))
    setExit(status.state === 'up' ? 0 : 13)
  })

  // `loco sandbox` alone is a question about what exists, not an error without words.
  sandbox.action(() => {
    throw new LocoError('LOCO-USE-001', { what: t('loco sandbox needs one of: up, down, add, remove, status.'), fix: ['loco sandbox --help'] })
  })
  return sandbox
}

function writeJson(terminal: Terminal, status: SandboxStatus): void {
  terminal.stdout.write(`${JSON.stringify(status)}\n`)
}

function statusText(status: SandboxStatus, terminal: Terminal): string {
  const paint = paintFor(terminal.interactive, terminal.env)
  const words = {
    down: t('The sandbox is down.'),
    starting: t('The sandbox is starting.'),
    up: t('The sandbox is up.'),
    broken: t('The sandbox is broken: a part has ended. loco sandbox up heals it.'),
  }
  const states = { running: t('running'), stopped: t('stopped'), failed: t('failed') }
  const rows = status.parts.map((part) => [part.name, states[part.state], part.pid === null ? '' : t`pid ${part.pid}`])
  const colours = { running: 'green', stopped: 'grey', failed: 'red' } as const
  const parts = table(rows, (text, column, row) => (column === 1 ? paint(colours[status.parts[row]?.state ?? 'stopped'], text) : text))
  const facts = [
    ...(status.owner === null ? [] : [[t('owner'), status.owner]]),
    ...(status.kubeconfig === null ? [] : [[t('kubeconfig'), status.kubeconfig]]),
    ...(status.additions.length === 0 ? [] : [[t('added'), status.additions.join(', ')]]),
    ...(status.dockerHost === null ? [] : [[t('docker'), status.dockerHost]]),
    ...(status.kept === null ? [] : [[t('state'), `${status.kept.path} (${bytesText(status.kept.bytes)})`]]),
  ]
  return `${words[status.state]}\n${table(facts)}${parts}`
}
