import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { t } from '@vscode/l10n'
import { Command } from 'commander'
import { LocoError } from '../../base/error.ts'
import { AgentClient } from '../../fleet/agent-client.ts'
import type { MakeCommand } from '../command.ts'
import { connect } from '../connect.ts'
import { emulatorPod } from '../emulator-argument.ts'
import { type FleetOptions, withFleet } from '../options.ts'
import type { Terminal } from '../terminal.ts'

const instance = (): [name: string, description: string] => ['<instance>', t('instance-0, 0 or the name of the pod')]

export const screenCommand: MakeCommand = (terminal) => {
  const screen = new Command('screen').description(t('pictures of and keys for an emulator'))

  withFleet(
    screen
      .command('shot')
      .description(t('save the picture an emulator shows as PNG'))
      .argument(...instance()),
  )
    .requiredOption('-o, --out <file>', t('where the picture goes'))
    .action(async (name: string, options: FleetOptions & { out: string }) => {
      const file = resolve(terminal.cwd, options.out)
      await withAgent(terminal, name, options, async (agent) => writeFile(file, await agent.screen()))
      terminal.stdout.write(options.output === 'json' ? `${JSON.stringify({ schema: 'loco.screen.shot/1', file })}\n` : `${file}\n`)
    })

  withFleet(
    screen
      .command('keys')
      .description(t('type into an emulator'))
      .argument(...instance()),
  )
    .argument('[text]', t('what to type, on a US layout'))
    .option('--chord <keys...>', t('keys by QEMU names instead of text: ctrl+alt+delete ret f10'))
    .action(async (name: string, text: string | undefined, options: FleetOptions & { chord?: string[] }) => {
      if ((text === undefined) === (options.chord === undefined)) {
        throw new LocoError('LOCO-USE-001', {
          what: t('loco screen keys takes either a text or --chord.'),
          fix: ['loco screen keys instance-0 "dir"', 'loco screen keys instance-0 --chord ctrl+alt+delete'],
        })
      }
      const typed = await withAgent(terminal, name, options, (agent) =>
        agent.keys(options.chord === undefined ? { text: text ?? '' } : { keys: options.chord }),
      )
      terminal.stdout.write(options.output === 'json' ? `${JSON.stringify({ schema: 'loco.screen.keys/1', ...typed })}\n` : '')
    })

  screen.action(() => {
    throw new LocoError('LOCO-USE-001', { what: t('loco screen needs one of: shot, keys.'), fix: ['loco screen --help'] })
  })
  return screen
}

async function withAgent<T>(terminal: Terminal, name: string, options: FleetOptions, use: (agent: AgentClient) => Promise<T>): Promise<T> {
  const pod = emulatorPod(name, options.release)
  const connection = await connect(terminal, options.context)
  try {
    return await use(new AgentClient(connection.client, options.namespace, pod))
  } finally {
    connection.dispose()
  }
}
