// npm run bench [name…]: measures the figures of docs/bench.md on this machine; a table on stdout, JSON in out/bench.json.
import { join } from 'node:path'
import { prepare, root, run } from './lib/prepare.mjs'

const node = await prepare()
process.exitCode = await run(node, [join(root, 'test', 'bench', 'run.ts'), ...process.argv.slice(2)])
