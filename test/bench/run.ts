import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../src/base/logger.ts'
import { packageRoot } from '../../src/base/package-root.ts'
import { sandboxPaths } from '../../src/sandbox/paths.ts'
import { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Figure, figureTable } from './figure.ts'
import { cleanUp, scenarios } from './scenarios.ts'

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in scenarios))
if (unknown.length > 0) {
  process.stderr.write(`Unknown scenario: ${unknown.join(', ')}. Known: ${Object.keys(scenarios).join(', ')}.\n`)
  process.exit(2)
}
const sandbox = new Sandbox({ paths: sandboxPaths(process.env), log: silentLogger, progress: ({ sentence }) => process.stderr.write(`${sentence}\n`) })
const wasUp = (await sandbox.access()) !== undefined
const bench = { access: () => sandbox.up({}), repeats: 5 }
const figures: Figure[] = []
try {
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    process.stderr.write(`== ${name}\n`)
    figures.push(...(await scenario(bench)))
  }
  await cleanUp()
} finally {
  if (!wasUp) await sandbox.down({})
}
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release()}, Node ${process.versions.node}`
const folder = join(packageRoot(), 'out')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'bench.json'), `${JSON.stringify({ schema: 'loco.bench/1', at: new Date().toISOString(), machine, figures }, null, 2)}\n`)
process.stdout.write(`Conditions: ${machine}.\n\n${figureTable(figures)}`)
