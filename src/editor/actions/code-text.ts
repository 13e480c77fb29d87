import { t } from '@vscode/l10n'
import { entryOf, type LocoCode, titleOf } from '../../base/codes.ts'

/** The explanation of a code as Markdown, as docs/codes.md has it. */
export function codeText(code: LocoCode): string {
  const { exit, explain } = entryOf(code)
  return `# ${code}\n\n**${titleOf(code)}.** ${t`Exit code of the terminal command: ${exit}.`}\n\n${t(explain)}\n`
}
