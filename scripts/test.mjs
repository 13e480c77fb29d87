// npm test [level…]: prepares what is needed on any Node >= 20, then hands over to test/run.ts under a modern one.
import { join } from 'node:path'
import { prepare, root, run } from './lib/prepare.mjs'

const node = await prepare({ build: false })
process.exitCode = await run(node, [join(root, 'test', 'run.ts'), ...process.argv.slice(2)])
