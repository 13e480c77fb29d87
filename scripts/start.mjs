// npm start: installs, builds, brings up the sandbox and the fleet, and shows it. All the work is `loco start`.
import { join } from 'node:path'
import { prepare, root, run } from './lib/prepare.mjs'

const node = await prepare()
process.exitCode = await run(node, [join(root, 'dist', 'cli.cjs'), 'start', ...process.argv.slice(2)])
