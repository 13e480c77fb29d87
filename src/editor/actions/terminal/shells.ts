/** Shells that a container may have, the most usual first; the first one gives way to a more comfortable one if that is there. */
const shells = ['/bin/sh', '/busybox/sh', 'bash']

/** Name of the variable by which everything that was started in a terminal of ours can be found again. */
const mark = 'LOCO_TERMINAL'

/** What to try, one after the other, to get a shell that carries this id. Ids are ours: letters, digits and dashes. */
export function shellCommands(id: string): string[][] {
  return shells.map((shell) => {
    const better = 'for s in bash ash; do command -v "$s" >/dev/null 2>&1 && exec "$s"; done'
    return [shell, '-c', `export TERM=xterm-256color LANG="\${LANG:-C.UTF-8}" ${mark}=${id}; ${better}; exec ${shell}`]
  })
}

/**
 * Ends the shell with this id and whatever runs in it. Closing its stream does not: the container keeps the terminal open, so that a program in it would
 * run on unseen for as long as the pod lives.
 */
export function endCommand(id: string): string[] {
  const find = `for p in /proc/[0-9]*; do tr '\\0' '\\n' <"$p/environ" 2>/dev/null | grep -qx '${mark}=${id}' && echo "\${p#/proc/}"; done`
  return ['/bin/sh', '-c', `pids=$(${find}); [ -z "$pids" ] && exit 0; kill -HUP $pids; kill -CONT $pids; sleep 1; kill -KILL $pids 2>/dev/null; exit 0`]
}
