import { asLocoError } from '../../base/error.ts'
import { paintFor } from '../../operations/paint.ts'
import { ProgressLine } from '../../operations/progress-line.ts'
import { personOf } from '../../operations/state-folder.ts'
import { sandboxPaths } from '../../sandbox/paths.ts'
import type { SetExit } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { errorText } from '../text.ts'
import { type EditorChoice, type OpenedEditor, openEditor } from './open-editor.ts'
import { fleetWorkspace } from './workspace.ts'

/** Opens the editor on a fleet. A fleet without an editor is still a fleet: what went wrong is told, becomes the exit code, and everything goes on. */
export async function openOrSay(
  terminal: Terminal,
  choice: EditorChoice,
  fleet: { namespace: string; release: string; replicas: number },
  setExit: SetExit,
): Promise<OpenedEditor | undefined> {
  const { env, interrupted } = terminal
  const line = new ProgressLine(terminal)
  const say = (thrown: unknown): void => {
    const error = asLocoError(thrown)
    terminal.stderr.write(errorText(error, paintFor(terminal.interactive, env)))
    setExit(error.exit)
  }
  try {
    const person = personOf(env)
    const { cache } = sandboxPaths(env)
    const workspace = fleetWorkspace(fleet, person, env)
    const opened = await openEditor({ choice, workspace, cache, person, env, tell: (progress) => line.show(progress), signal: interrupted })
    line.end()
    terminal.stdout.write(`\n${opened.lines.join('\n')}\n`)
    opened.broken.catch(say)
    return opened
  } catch (thrown) {
    line.end()
    if (!interrupted.aborted) say(thrown)
    return undefined
  }
}
