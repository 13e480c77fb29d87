import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { config } from '@vscode/l10n'
import { packageRoot } from '../base/package-root.ts'

/**
 * Hands the texts of the person's language over, where the package has them (`l10n/bundle.l10n.<language>.json`); English otherwise.
 * To be called before any text is made. `LOCO_LANGUAGE` is how the editor names its own language to a `loco` that it starts.
 */
export function speakLanguageOf(env: NodeJS.ProcessEnv, folder = join(packageRoot(), 'l10n')): void {
  for (const language of languagesOf(env)) {
    const file = join(folder, `bundle.l10n.${language}.json`)
    if (!existsSync(file)) continue
    try {
      config({ fsPath: file })
      return
    } catch {
      // A broken translation must not keep anybody from working; English is at hand.
    }
  }
}

/** Names of the person's language as bundles have them, the narrower first: `pt-br`, `pt`; none for English and for no language at all. */
export function languagesOf(env: NodeJS.ProcessEnv): string[] {
  const asked = [env['LOCO_LANGUAGE'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((name) => name !== undefined && name !== '') ?? ''
  const language = asked
    .replace(/[.@].*$/, '')
    .replaceAll('_', '-')
    .toLowerCase()
  const [base = ''] = language.split('-')
  if (!/^[a-z]{2,3}(?:-[a-z0-9]+)*$/.test(language) || base === 'en') return []
  return base === language ? [language] : [language, base]
}
