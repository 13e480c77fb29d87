import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import type { Part } from './part.ts'
import { startOf } from './proc.ts'
import { lastLines } from './run.ts'

/** A started process as noted on disk: its start time tells it from a later process with the same pid. */
export interface PidNote {
  pid: number
  start: string
  /** It was asked to end: it may live for a while yet and still answer, but nobody may count on it. */
  ending: boolean
}

export function parsePidNote(text: string): PidNote | undefined {
  const [pid, start, state] = text.trim().split(' ')
  if (pid === undefined || !/^[1-9]\d*$/.test(pid) || start === undefined || !/^\d+$/.test(start)) return undefined
  return { pid: Number(pid), start, ending: state === endingMark }
}

const endingMark = 'ending'

/** Starts the parts as daemons that outlive us, finds them again by their notes, and ends them. */
export class Supervisor {
  readonly #pids: string
  readonly #logs: string
  readonly #track: (pid: number) => void

  /** `track` puts a new process under the sandbox's cgroup, by which everything it starts is found again. */
  constructor(folders: { pids: string; logs: string }, track: (pid: number) => void) {
    this.#pids = folders.pids
    this.#logs = folders.logs
    this.#track = track
  }

  /** Parts that were started and not ended by us, whether they still live or not. */
  noted(): string[] {
    try {
      return readdirSync(this.#pids)
    } catch {
      return []
    }
  }

  /** Parts that were asked to end by somebody who did not live to see it. */
  ending(): string[] {
    return this.noted().filter((name) => this.#note(name)?.ending === true)
  }

  /** The pid of a part while it lives. */
  alive(name: string): number | undefined {
    const note = this.#note(name)
    return note !== undefined && startOf(note.pid) === note.start ? note.pid : undefined
  }

  start(part: Part, env: NodeJS.ProcessEnv): void {
    if (this.alive(part.name) !== undefined) return
    mkdirSync(this.#logs, { recursive: true })
    mkdirSync(this.#pids, { recursive: true })
    const log = openSync(join(this.#logs, `${part.name}.log`), 'a')
    try {
      const [command, ...args] = part.argv
      const child = spawn(command, args, { env: { ...env, ...part.env }, cwd: '/', detached: true, stdio: ['ignore', log, log] })
      const start = child.pid === undefined ? undefined : startOf(child.pid)
      child.on('error', () => undefined) // No pid then: told right below.
      if (child.pid === undefined) throw ended(part.name, [t`${command} could not be started.`])
      // A program that dislikes its flags may be gone before we look: its note then names nobody, and `mustLive` tells its last words.
      writeFileSync(join(this.#pids, part.name), `${child.pid} ${start ?? 0}\n`)
      if (start !== undefined) this.#track(child.pid)
      child.unref()
    } finally {
      closeSync(log)
    }
  }

  /** Asks parts to end, all at once, and kills those that have not after `grace` milliseconds. */
  async stop(names: readonly string[], grace: number): Promise<void> {
    for (const name of names) this.#markEnding(name)
    for (const name of names) this.#signal(name, 'SIGTERM')
    const end = Date.now() + grace
    while (Date.now() < end && names.some((name) => this.alive(name) !== undefined)) await systemClock.sleep(20)
    for (const name of names) this.#signal(name, 'SIGKILL')
    const gone = Date.now() + 5_000
    while (Date.now() < gone && names.some((name) => this.alive(name) !== undefined)) await systemClock.sleep(20)
    for (const name of names) rmSync(join(this.#pids, name), { force: true })
  }

  /** @throws LOCO-SBX-013 with the part's last words when it has ended. */
  async mustLive(name: string): Promise<void> {
    if (this.alive(name) === undefined) throw ended(name, await this.lastWords(name))
  }

  async lastWords(name: string): Promise<string[]> {
    try {
      return lastLines((await readFile(join(this.#logs, `${name}.log`), 'utf8')).slice(-16_384), 4)
    } catch {
      return []
    }
  }

  #note(name: string): PidNote | undefined {
    try {
      return parsePidNote(readFileSync(join(this.#pids, name), 'utf8'))
    } catch {
      return undefined
    }
  }

  #markEnding(name: string): void {
    const note = this.#note(name)
    if (note !== undefined && !note.ending) writeFileSync(join(this.#pids, name), `${note.pid} ${note.start} ${endingMark}\n`)
  }

  #signal(name: string, signal: NodeJS.Signals): void {
    const pid = this.alive(name)
    if (pid === undefined) return
    try {
      process.kill(pid, signal)
    } catch {
      // It ended between the look and the signal.
    }
  }
}

function ended(name: string, words: readonly string[]): LocoError {
  return new LocoError('LOCO-SBX-013', {
    what: t`The part ${name} of the sandbox ended.`,
    ...(words.length > 0 ? { why: t`Its last words: ${words.at(-1) ?? ''}` } : {}),
    fix: [t('loco sandbox up (starts what has ended)'), t('loco sandbox down, then up, when that does not help')],
    evidence: words,
  })
}
