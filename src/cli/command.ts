import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** Hands the exit code of a command that ended by itself to `main`. */
export type SetExit = (code: number) => void

/** Makes one command of the terminal host. */
export type MakeCommand = (terminal: Terminal, setExit: SetExit) => Command
