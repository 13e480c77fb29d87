import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { codes, isLocoCode, type LocoCode, titleOf } from '../../base/codes.ts'
import type { Disposable } from '../../base/disposable.ts'
import { LocoError } from '../../base/error.ts'
import { codeText } from './code-text.ts'
import { ReadOnlyDocuments } from './read-only-documents.ts'
import { findingsIn } from './rows.ts'

const scheme = 'loco-code'

/** Serves the explanation of each code as a document; a tab with one comes back after a reload. */
export function registerCodeDocuments(): Disposable {
  return ReadOnlyDocuments.register(scheme, {
    text: async ({ path }) => {
      const code = path.slice(1).replace(/\.md$/, '')
      return isLocoCode(code) ? codeText(code) : t`There is no code ${code}.`
    },
  })
}

/** Explains a code: the one that was given, that of the finding's row, else one that is picked. @throws LOCO-USE-001 for a text that is no code */
export async function explainCode(args: readonly unknown[]): Promise<void> {
  const code = codeIn(args) ?? (await pickCode())
  if (code === undefined) return
  const uri = vscode.Uri.from({ scheme, path: `/${code}.md` })
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri)
  } catch {
    // The preview comes with VS Code, but a person may have switched it off.
    await vscode.window.showTextDocument(uri)
  }
}

function codeIn(args: readonly unknown[]): LocoCode | undefined {
  const [first] = args
  const text = typeof first === 'string' ? first : findingsIn(args)[0]?.code
  if (text === undefined || isLocoCode(text)) return text
  throw new LocoError('LOCO-USE-001', { what: t`There is no code ${text}.`, fix: [t('Run the command Loco: Explain Code… and pick one.')] })
}

async function pickCode(): Promise<LocoCode | undefined> {
  const items = (Object.keys(codes) as LocoCode[]).sort().map((code) => ({ label: code, description: titleOf(code), code }))
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Explain which code?'), matchOnDescription: true }))?.code
}
