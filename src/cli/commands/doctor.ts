import { access, constants } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { t } from '@vscode/l10n'
import { Command } from 'commander'
import { asLocoError, type LocoError } from '../../base/error.ts'
import { paintFor } from '../../operations/paint.ts'
import { ProgressLine } from '../../operations/progress-line.ts'
import type { MakeCommand } from '../command.ts'
import { connect } from '../connect.ts'
import { openSandbox } from '../open-sandbox.ts'
import { type FleetOptions, withFleet } from '../options.ts'
import type { Terminal } from '../terminal.ts'

interface Check {
  name: string
  /** `missing` is not an error of its own: what it is needed for stands in the sentence. */
  state: 'ok' | 'missing' | 'failed'
  sentence: string
  fix: readonly string[]
}

export const doctorCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('doctor').description(t('what this machine and its clusters can do, and what is missing'))).action(async (options: FleetOptions) => {
    const checks = [machine(), await kvm(), ...(await sandbox(terminal)), await cluster(terminal, options)]
    if (options.output === 'json') terminal.stdout.write(`${JSON.stringify({ schema: 'loco.doctor/1', checks })}\n`)
    else terminal.stdout.write(checks.map((check) => checkText(check, terminal)).join(''))
    // A person can work as long as there is one cluster to work on.
    const usable = checks.some(({ name, state }) => state === 'ok' && (name === 'cluster' || name === 'sandbox'))
    setExit(usable ? 0 : 10)
  })

const machine = (): Check => ({ name: 'machine', state: 'ok', sentence: t`${platform()} ${release()} on ${arch()}, Node ${process.versions.node}.`, fix: [] })

async function kvm(): Promise<Check> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK)
    return { name: 'kvm', state: 'ok', sentence: t('/dev/kvm can be opened: machines run at full speed.'), fix: [] }
  } catch {
    const fix = [t('Switch virtualisation on in the firmware, or in the host of this virtual machine, and load kvm_intel or kvm_amd.')]
    return { name: 'kvm', state: 'missing', sentence: t('/dev/kvm cannot be opened: machines run in emulation, five to ten times slower.'), fix }
  }
}

async function sandbox(terminal: Terminal): Promise<Check[]> {
  const node = openSandbox(terminal, new ProgressLine(terminal))
  const { state } = await node.status()
  if (state === 'up') return [{ name: 'sandbox', state: 'ok', sentence: t('The sandbox runs.'), fix: [] }]
  const refusals = await node.preflight()
  if (refusals.length === 0)
    return [{ name: 'sandbox', state: 'ok', sentence: t('This machine can hold the sandbox; it is not running.'), fix: ['loco sandbox up'] }]
  return refusals.map((refusal) => failed('sandbox', refusal))
}

async function cluster(terminal: Terminal, options: FleetOptions): Promise<Check> {
  try {
    const connection = await connect(terminal, options.context)
    try {
      const { gitVersion } = await connection.client.version(terminal.interrupted)
      return {
        name: 'cluster',
        state: 'ok',
        sentence: t`Context ${connection.context} answers: Kubernetes ${gitVersion} at ${connection.client.server}.`,
        fix: [],
      }
    } finally {
      connection.dispose()
    }
  } catch (error) {
    return failed('cluster', asLocoError(error))
  }
}

const failed = (name: string, error: LocoError): Check => ({ name, state: 'failed', sentence: t`${error.code}: ${error.message}`, fix: error.fix })

function checkText({ name, state, sentence, fix }: Check, terminal: Terminal): string {
  const paint = paintFor(terminal.interactive, terminal.env)
  const mark = { ok: paint('green', '✓'), missing: paint('yellow', '!'), failed: paint('red', '✗') }[state]
  return `${mark} ${name.padEnd(8)} ${sentence}\n${fix.map((line) => `           → ${line}\n`).join('')}`
}
