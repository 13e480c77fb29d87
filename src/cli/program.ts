import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { Command } from 'commander'
import { packageRoot } from '../base/package-root.ts'
import type { MakeCommand, SetExit } from './command.ts'
import { bootstrapCommand } from './commands/bootstrap.ts'
import { destroyCommand } from './commands/destroy.ts'
import { doctorCommand } from './commands/doctor.ts'
import { logsCommand } from './commands/logs.ts'
import { operationsCommand } from './commands/operations.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { sandboxCommand } from './commands/sandbox.ts'
import { screenCommand } from './commands/screen.ts'
import { startCommand } from './commands/start.ts'
import { statusCommand } from './commands/status.ts'
import { storageCommand } from './commands/storage.ts'
import { valuesCommand } from './commands/values.ts'
import { help } from './help.ts'
import type { Terminal } from './terminal.ts'

const commands: readonly MakeCommand[] = [
  startCommand,
  bootstrapCommand,
  rebuildCommand,
  destroyCommand,
  statusCommand,
  logsCommand,
  screenCommand,
  storageCommand,
  operationsCommand,
  valuesCommand,
  sandboxCommand,
  doctorCommand,
]

/** The whole command line, as a tree of commands. It prints to the terminal it is given and throws instead of ending the process. */
export function makeProgram(terminal: Terminal, setExit: SetExit): Command {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  const program = new Command('loco')
    .description(t('A fleet of QEMU machines on Kubernetes: bring it up, watch it, take it away.'))
    .version(version, '-V, --version', t('output the version number'))
    .helpCommand(false)
    .showHelpAfterError(false)
  for (const make of commands) program.addCommand(make(terminal, setExit))
  const tame = (command: Command): void => {
    command
      .exitOverride()
      .configureHelp(help)
      .helpOption('-h, --help', t('display help for command'))
      .configureOutput({
        writeOut: (text) => void terminal.stdout.write(text),
        writeErr: (text) => void terminal.stderr.write(text),
        // `main` prints errors, once and in our form.
        outputError: () => {},
        getOutHelpWidth: () => Math.min(terminal.columns(), 120),
      })
    for (const child of command.commands) tame(child)
  }
  tame(program)
  return program
}
