import { Command } from 'commander'
import { LocoError } from '../../base/error.ts'
import type { SandboxStatus } from '../../contracts/sandbox.ts'
import type { MakeCommand } from '../command.ts'
import { confirm } from '../confirm.ts'
import { openSandbox } from '../open-sandbox.ts'
import { type OutputOptions, withOutput } from '../options.ts'
import { ProgressLine } from '../progress-line.ts'
import type { Terminal } from '../terminal.ts'
import { bytesText, paintFor, table } from '../text.ts'

export const sandboxCommand: MakeCommand = (terminal, setExit) => {
  const sandbox = new Command('sandbox').description('the embedded one-node Kubernetes of this machine (Linux, root)')

  withOutput(sandbox.command('up').description('bring the node up; does only what is missing')).action(async (options: OutputOptions) => {
    const line = new ProgressLine(terminal)
    const node = openSandbox(terminal, line)
    try {
      const access = await node.up({ signal: terminal.interrupted })
      line.end()
      if (options.output === 'json') writeJson(terminal, await node.status())
      else {
        terminal.stdout.write(`The sandbox is up.\n  export KUBECONFIG=${access.kubeconfig}\n  export DOCKER_HOST=${access.dockerHost}\n`)
        terminal.stdout.write(`  export PATH=${access.bin.kubectl.replace(/\/[^/]+$/, '')}:$PATH\n`)
      }
    } finally {
      line.end()
    }
  })

  withOutput(sandbox.command('down').description('switch the node off; objects, claims and images stay'))
    .option('--purge', 'take the state away too: objects, disks and images are lost', false)
    .option('--yes', 'do not ask', false)
    .action(async (options: OutputOptions & { purge: boolean; yes: boolean }) => {
      const line = new ProgressLine(terminal)
      const node = openSandbox(terminal, line)
      try {
        const before = await node.status()
        if (options.purge && before.kept !== null) {
          const lost = `all objects, disks and images below ${before.kept.path} (${bytesText(before.kept.bytes)})`
          await confirm(terminal, { yes: options.yes, losses: [lost], question: 'Take the sandbox away for good?' })
        }
        await node.down({ purge: options.purge, signal: terminal.interrupted })
        line.end()
        const after = await node.status()
        if (options.output === 'json') writeJson(terminal, after)
        else if (after.kept === null) terminal.stdout.write('The sandbox is gone; nothing of it is left on this machine but the cached programs.\n')
        else terminal.stdout.write(`The node is off. Its state stays in ${after.kept.path} (${bytesText(after.kept.bytes)}); loco sandbox up brings it back.\n`)
      } finally {
        line.end()
      }
    })

  withOutput(sandbox.command('status').description('one line a part; ends with 13 unless the node is up')).action(async (options: OutputOptions) => {
    const status = await openSandbox(terminal, new ProgressLine(terminal)).status()
    if (options.output === 'json') writeJson(terminal, status)
    else terminal.stdout.write(statusText(status, terminal))
    setExit(status.state === 'up' ? 0 : 13)
  })

  // `loco sandbox` alone is a question about what exists, not an error without words.
  sandbox.action(() => {
    throw new LocoError('LOCO-USE-001', { what: 'loco sandbox needs one of: up, down, status.', fix: ['loco sandbox --help'] })
  })
  return sandbox
}

function writeJson(terminal: Terminal, status: SandboxStatus): void {
  terminal.stdout.write(`${JSON.stringify(status)}\n`)
}

function statusText(status: SandboxStatus, terminal: Terminal): string {
  const paint = paintFor(terminal.interactive, terminal.env)
  const words = {
    down: 'The sandbox is down.',
    starting: 'The sandbox is starting.',
    up: 'The sandbox is up.',
    broken: 'The sandbox is broken: a part has ended. loco sandbox up heals it.',
  }
  const rows = status.parts.map((part) => [part.name, part.state, part.pid === null ? '' : `pid ${part.pid}`])
  const parts = table(rows, (text, column) =>
    column === 1 ? paint(text.startsWith('running') ? 'green' : text.startsWith('failed') ? 'red' : 'grey', text) : text,
  )
  const facts = [
    ...(status.owner === null ? [] : [`owner       ${status.owner}`]),
    ...(status.kubeconfig === null ? [] : [`kubeconfig  ${status.kubeconfig}`]),
    ...(status.dockerHost === null ? [] : [`docker      ${status.dockerHost}`]),
    ...(status.kept === null ? [] : [`state       ${status.kept.path} (${bytesText(status.kept.bytes)})`]),
  ]
  return `${words[status.state]}\n${facts.map((fact) => `${fact}\n`).join('')}${parts}`
}
