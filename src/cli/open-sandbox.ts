import { silentLogger } from '../base/logger.ts'
import type { ProgressLine } from '../operations/progress-line.ts'
import { sandboxPaths } from '../sandbox/paths.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import type { Terminal } from './terminal.ts'

/** The sandbox of this machine, which tells its progress on the terminal's stderr. */
export function openSandbox(terminal: Terminal, line: ProgressLine): Sandbox {
  return new Sandbox({ paths: sandboxPaths(terminal.env), log: silentLogger, progress: (progress) => line.show(progress) })
}
