/**
 * node scripts/l10n.ts: writes l10n/bundle.l10n.json, every message of the sources, which is what a translator starts from.
 *   --check        writes nothing; ends with 1 when the file is not what the sources hold
 *   --pseudo DIR   writes the pseudo-locale `qps-ploc` into DIR: package.nls.qps-ploc.json and l10n/bundle.l10n.qps-ploc.json
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/base/package-root.ts'
import { type Bundle, folders, messagesOf } from './l10n/messages.ts'
import { pseudo } from './l10n/pseudo.ts'
import { parseSources } from './l10n/syntax.ts'

const root = packageRoot()
const [mode, folder = '.'] = process.argv.slice(2)
const json = (bundle: Bundle): string => `${JSON.stringify(bundle, null, 2)}\n`
const pseudoOf = (bundle: Bundle): Bundle =>
  Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, typeof text === 'string' ? pseudo(text) : { ...text, message: pseudo(text.message) }]))

const bundle = messagesOf(parseSources(root, folders))
const file = join(root, 'l10n', 'bundle.l10n.json')
if (mode === '--check') {
  if (readFileSync(file, 'utf8') !== json(bundle)) {
    console.error('l10n/bundle.l10n.json is not what the sources hold: node scripts/l10n.ts')
    process.exitCode = 1
  }
} else if (mode === '--pseudo') {
  mkdirSync(join(folder, 'l10n'), { recursive: true })
  const labels = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Bundle
  writeFileSync(join(folder, 'package.nls.qps-ploc.json'), json(pseudoOf(labels)))
  writeFileSync(join(folder, 'l10n', 'bundle.l10n.qps-ploc.json'), json(pseudoOf(bundle)))
} else writeFileSync(file, json(bundle))
