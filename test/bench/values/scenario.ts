import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from '../../../src/values/check.ts'
import { complete } from '../../../src/values/complete.ts'
import { hover } from '../../../src/values/hover.ts'
import { type Figure, quantile } from '../figure.ts'
import type { Scenario } from '../scenarios.ts'
import { chartIn, fileOf, folder, viewOfText } from './given.ts'
import { languageServer } from './language-server.ts'

const rounds = 120
const warmUp = 30

/** Places that a person types at, by the line they type on. */
const places = ['  strategy: persistent', '  memoryMiB: 128', '  accel: auto', '    size: 10Gi']

/** Completion, hover and diagnostics after a keystroke in a file of 1,000 lines, beside yaml-language-server on the same file and schema in turn; and the first answer of a new process. */
export const values: Scenario = async ({ repeats }) => {
  const schema: unknown = JSON.parse(readFileSync(join(folder, 'values.schema.json'), 'utf8'))
  const server = languageServer(join(tmpdir(), 'loco-bench-yaml-language-server'), schema)
  const chart = chartIn(folder)
  const text = fileOf(1000)
  const taken = {
    completion: { ours: [] as number[], server: [] as number[] },
    hover: { ours: [] as number[], server: [] as number[] },
    diagnostics: { ours: [] as number[], server: [] as number[] },
  }
  for (let round = -warmUp; round < rounds; round++) {
    const wanted = places[Math.abs(round) % places.length] ?? ''
    // A keystroke each: no answer comes from an earlier text.
    const typed = text.replace(`\n${wanted}\n`, `\n${wanted.slice(0, wanted.indexOf(':') + 2)}\n`).replace('# Values of', `# ${round} Values of`)
    const offset = typed.indexOf(`\n${wanted.slice(0, wanted.indexOf(':') + 2)}\n`) + wanted.indexOf(':') + 3
    const before = typed.slice(0, offset).split('\n')
    const [line, character] = [before.length - 1, before.at(-1)?.length ?? 0]
    const key = offset - (before.at(-1)?.trimStart().length ?? 0) + 1
    const keep = (kind: keyof typeof taken, who: 'ours' | 'server', from: number): void => {
      if (round >= 0) taken[kind][who].push(performance.now() - from)
    }
    const answers: Record<keyof typeof taken, [ours: () => unknown, server: (document: unknown) => Promise<unknown>]> = {
      completion: [() => complete(viewOfText(typed, folder, chart), offset), (document) => server.complete(document, line, character)],
      hover: [() => hover(viewOfText(typed, folder, chart), key), (document) => server.hover(document, line, character - (offset - key))],
      diagnostics: [() => check(viewOfText(typed, folder, chart)), (document) => server.diagnose(document)],
    }
    for (const kind of ['completion', 'hover', 'diagnostics'] as const) {
      const [ours, theirs] = answers[kind]
      let from = performance.now()
      ours()
      keep(kind, 'ours', from)
      const document = server.document(`${typed}# ${kind}\n`, round + warmUp)
      from = performance.now()
      await theirs(document)
      keep(kind, 'server', from)
    }
  }
  return [...figuresOf(taken), ...firstAnswers(text, repeats)]
}

function figuresOf(taken: Record<'completion' | 'hover' | 'diagnostics', { ours: number[]; server: number[] }>): Figure[] {
  const wanted = { completion: '≤ 15 ms', hover: '≤ 10 ms', diagnostics: '≤ 40 ms' }
  return (['completion', 'hover', 'diagnostics'] as const).flatMap((kind): Figure[] => {
    const [ours, server] = [quantile(taken[kind].ours, 0.95), quantile(taken[kind].server, 0.95)]
    const conditions = `p95 of ${rounds} keystrokes, 1,000 lines, warm, parsed anew each time`
    return [
      {
        what: `values: ${kind}`,
        unit: 'ms',
        samples: [ours],
        wanted: wanted[kind],
        conditions: kind === 'diagnostics' ? `${conditions}; schema and all rules` : conditions,
      },
      {
        what: `values: ${kind}, yaml-language-server`,
        unit: 'ms',
        samples: [server],
        wanted: '(beside it)',
        conditions: `${conditions}; same file and schema, in turn`,
      },
      { what: `values: ${kind}, ours to theirs`, unit: '×', samples: [ours / server], wanted: kind === 'diagnostics' ? 'measured' : '≤ 0.5', conditions },
    ]
  })
}

/** In processes of their own, cold: modules read from source, chart read, file parsed. */
function firstAnswers(text: string, repeats: number): Figure[] {
  const file = join(tmpdir(), 'loco-bench-values.yaml')
  writeFileSync(file, text)
  const script = new URL('first-answer.ts', import.meta.url).pathname
  const runs = Array.from(
    { length: repeats },
    () => JSON.parse(execFileSync(process.execPath, [script, file], { encoding: 'utf8' })) as { answered: number; checked: number },
  )
  const conditions = 'a new process with the sources, cold: chart read, file parsed'
  return [
    { what: 'values: first completion', unit: 'ms', samples: runs.map(({ answered }) => answered), wanted: '≤ 400 ms', conditions },
    { what: 'values: first completion and diagnostics', unit: 'ms', samples: runs.map(({ checked }) => checked), wanted: 'measured', conditions },
  ]
}
