// npm run docs: writes the pages that are made from the sources.
import { join } from 'node:path'
import { prepare, root, run } from './lib/prepare.mjs'

const node = await prepare({ build: false })
process.exitCode = await run(node, [join(root, 'scripts', 'docs.ts')])
