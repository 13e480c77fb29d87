import { createInterface } from 'node:readline/promises'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { Terminal } from './terminal.ts'

/**
 * Names what is lost and asks. Where nobody can answer, it refuses instead of guessing.
 * @throws LOCO-USE-002 when the answer is not yes; LOCO-USE-004 when there is nobody to ask and `--yes` was not given.
 */
export async function confirm(terminal: Terminal, ask: { yes: boolean; losses: readonly string[]; question: string }): Promise<void> {
  for (const loss of ask.losses) terminal.stderr.write(`  ${t`will be lost: ${loss}`}\n`)
  if (ask.yes) return
  if (!terminal.interactive || !process.stdin.isTTY) {
    throw new LocoError('LOCO-USE-004', {
      what: `${ask.question} ${t('There is nobody here to answer.')}`,
      fix: [t('Run the command again with --yes when what is named above may be lost.')],
    })
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await lines.question(`${ask.question} [y/N] `, { signal: terminal.interrupted })
    if (!/^y(es)?$/i.test(answer.trim())) throw new LocoError('LOCO-USE-002', { what: t('Nothing was changed.') })
  } finally {
    lines.close()
  }
}
