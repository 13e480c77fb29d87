import { CommanderError } from 'commander'
import { asLocoError } from '../base/error.ts'
import { paintFor } from '../operations/paint.ts'
import { speakLanguageOf } from './language.ts'
import { makeProgram } from './program.ts'
import type { Terminal } from './terminal.ts'
import { errorText } from './text.ts'
import { usageError } from './usage-error.ts'

/**
 * The terminal host: runs one command line and gives the exit code (docs/cli.md).
 * Whatever is thrown ends here, as a coded message on stderr, or as a JSON document on stdout where JSON was asked for.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  speakLanguageOf(terminal.env)
  let exit = 0
  const program = makeProgram(terminal, (code) => {
    exit = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exit
  } catch (thrown) {
    // Commander throws for --help and --version too, after it has printed.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    const error = thrown instanceof CommanderError ? usageError(thrown) : asLocoError(thrown)
    if (argv.includes('--output=json') || argv[argv.indexOf('--output') + 1] === 'json') {
      const { code, what, why, fix, evidence } = error
      terminal.stdout.write(`${JSON.stringify({ schema: 'loco.error/1', code, what, why: why ?? null, fix, evidence, exit: error.exit })}\n`)
    } else terminal.stderr.write(errorText(error, paintFor(terminal.interactive, terminal.env)))
    if (terminal.env['LOCO_DEBUG'] && error.cause instanceof Error) terminal.stderr.write(`${error.cause.stack}\n`)
    return error.exit
  }
}
