// npm run docs: writes the pages and the bundle of texts that are made from the sources.
import { join } from 'node:path'
import { prepare, root, run } from './lib/prepare.mjs'

const node = await prepare({ build: false })
for (const script of ['docs.ts', 'l10n.ts']) process.exitCode ||= await run(node, [join(root, 'scripts', script)])
