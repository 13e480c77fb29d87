import { dirname, join } from 'node:path'
import type { Person } from '../../operations/state-folder.ts'

/** A command line, to be started without a shell. */
export interface CommandLine {
  command: string
  args: readonly string[]
}

/**
 * A command line that runs as the person who called, also where this process is root by sudo (Linux). With `endsWithUs` the kernel ends the program when this process dies,
 * however it dies: `setpriv` sets that up and then becomes the program, so the pid stays.
 */
export function asPerson(person: Person, { command, args }: CommandLine, { endsWithUs = false } = {}): CommandLine {
  const rights = person.uid === undefined || person.gid === undefined ? [] : [`--reuid=${person.uid}`, `--regid=${person.gid}`, '--init-groups']
  const death = endsWithUs ? ['--pdeathsig', 'TERM'] : []
  if (rights.length + death.length === 0) return { command, args }
  return { command: 'setpriv', args: [...rights, ...death, '--', command, ...args] }
}

/** What that person's programs find in their environment: a home of their own, and the Node that runs this one first on the path. */
export function environmentOf(person: Person, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...kept } = env
  const path = [dirname(process.execPath), env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':')
  const session = person.uid === undefined ? {} : { XDG_RUNTIME_DIR: join('/run/user', String(person.uid)) }
  return { ...kept, ...session, HOME: person.home, PATH: path }
}
