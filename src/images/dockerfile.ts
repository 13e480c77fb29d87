/**
 * The images from outside that a Dockerfile builds on, each once, in order: what its FROM lines and `COPY --from=` name, with build arguments
 * filled in, without its own stages, numbers of stages, and `scratch`.
 */
export function baseImages(dockerfile: string, buildArgs: Readonly<Record<string, string>>): string[] {
  const values = new Map<string, string>()
  const stages = new Set<string>(['scratch'])
  const found = new Set<string>()
  const use = (reference: string): void => {
    if (!stages.has(reference.toLowerCase()) && !/^\d+$/.test(reference)) found.add(reference)
  }
  let before = true // Only arguments in front of the first FROM reach FROM lines.
  for (const line of instructions(dockerfile)) {
    const argument = /^ARG\s+(\w+)(?:=(.*))?$/i.exec(line)
    if (argument?.[1] !== undefined && before) values.set(argument[1], buildArgs[argument[1]] ?? filled(unquoted(argument[2] ?? ''), values))
    const from = /^FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?/i.exec(line)
    if (from?.[1] !== undefined) {
      before = false
      use(filled(from[1], values))
      if (from[2] !== undefined) stages.add(from[2].toLowerCase())
    }
    const copied = /^COPY\s.*?--from=(\S+)/i.exec(line)?.[1]
    if (copied !== undefined) use(copied)
  }
  return [...found]
}

/** Instructions, one a line, comments left out, continued lines joined. */
function instructions(dockerfile: string): string[] {
  const lines = dockerfile.split(/\r?\n/).filter((line) => !/^\s*#/.test(line))
  return lines
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
}

function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (_, braced, otherwise, bare) => values.get(braced ?? bare) || (otherwise ?? ''))
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2')
