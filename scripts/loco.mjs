#!/usr/bin/env node
// The terminal command `loco`: the bundle under a modern Node, whatever Node the machine has.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { modernNode, prepare, root, run } from './lib/prepare.mjs'

const checkout = existsSync(join(root, 'scripts', 'build.mjs')) && existsSync(join(root, 'src'))
const node = checkout ? await prepare() : modernNode()
process.exitCode = await run(node, [join(root, 'dist', 'cli.cjs'), ...process.argv.slice(2)], { cwd: process.cwd() })
