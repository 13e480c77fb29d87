import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeView } from '../../src/values/chart.ts'
import { ChartFiles } from '../../src/values/chart-files.ts'
import { ValuesDocument } from '../../src/values/document.ts'
import { validate } from '../../src/values/validate.ts'
import { helmBinary, chart as ourChart, realHelm } from './real-helm.ts'

const execute = promisify(execFile)

/** Mutated files whose reading by Helm and by us is compared; LOCO_MUTANTS and LOCO_SEED take others. */
const mutants = Number(process.env['LOCO_MUTANTS'] ?? 320)
const seed = Number(process.env['LOCO_SEED'] ?? 7)

/** Scalars that YAML 1.1, YAML 1.2, go-yaml and people read in different ways. */
const scalars = [
  ...['yes', 'No', 'ON', 'off', 'y', 'N', 'true', 'True', 'TRUE', 'tRue', 'null', '~', 'Null', 'nULL', '""', "''"],
  ...[
    '0777',
    '0o17',
    '0x1F',
    '0X1f',
    '0b11',
    '089',
    '1_000',
    '1__0',
    '_1',
    '+1',
    '-1',
    '-0',
    '1.',
    '.5',
    '1.0',
    '1e3',
    '1E+3',
    '1e400',
    '.inf',
    '-.Inf',
    '.nan',
    '.NAN',
    '1.5.2',
  ],
  ...[
    '12:30',
    '12:30:45',
    '2001-12-14',
    '2001-12-14t21:59:43Z',
    '18446744073709551615',
    '9223372036854775808',
    '1e21',
    '0.1',
    '-.5',
    '+.5',
    '0b12',
    '0x',
    '0xg',
  ],
  ...['!!str 5', '!!int "5"', '!!int x', '!!float 3', '!!bool yes', '!!null ""', '!!binary aGk=', '!!binary "!"', '!foo bar', '!!timestamp 2001-12-14'],
  ...[
    '@x',
    '`x',
    '%x',
    '&a x',
    '*a',
    '-',
    '- x',
    '?',
    ': x',
    '#x',
    'a #b',
    'a#b',
    'a: b',
    'a:b',
    '{a: b}',
    '[a, b',
    '{a',
    '"a',
    "'a",
    '"\\q"',
    '"\\x41"',
    '"a\\',
    '|',
    '>-',
    '|2',
    '<<',
    'x y',
    ',',
    ']',
  ],
]

/** A file with everything in it that the language has. */
const sample = `# A file of somebody's own.
replicas: 2
global: &common
  team: "retro"   # in quotes
  levels: [1, 2, {deep: yes}]
  list:
    - one
    - name: two
      size: 10Gi
  text: |
    some lines
      of text
  folded: >-
    folded
    text
emulator:
  memoryMiB: 64
  accel: auto
  env:
    FIRST: 'one'
    SECOND: "2"
  resources: {limits: {cpu: "1", memory: ""}}
  nodeSelector:
    <<: *common
    list: x
    levels: x
  tolerations:
  - key: a
    operator: Exists
storage:
  strategy: persistent
  persistentVolume:
    size: 10Gi
    storageClass: standard
networkPolicy:
  enabled: true
`

/** The same without anchors: such a file is read block by block. */
const unconnected = sample.replace(' &common', '').replace('    <<: *common\n', '')

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function random(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Mutate = (lines: string[], pick: <T>(from: readonly T[]) => T, at: number) => string[]
const changed = (lines: string[], at: number, change: (line: string) => string): string[] => lines.map((line, index) => (index === at ? change(line) : line))

const mutations: Mutate[] = [
  (lines, pick, at) => changed(lines, at, (line) => line.replace(/^(\s*(?:- )?[\w-]+:) ?.*$/, `$1 ${pick(scalars).replaceAll('$', '$$$$')}`)),
  (lines, pick, at) => changed(lines, at, (line) => line.replace(/^(\s*(?:- )?[\w-]+:) ?.*$/, `$1 ${pick(scalars).replaceAll('$', '$$$$')}`)),
  (lines, pick, at) => changed(lines, at, (line) => line.replace(/^(\s*(?:- )?)[\w-]+:/, `$1${pick(scalars).replaceAll('$', '$$$$')}:`)),
  (lines, _pick, at) => changed(lines, at, (line) => line.replace(/(\w)(\w)/, '$2$1')),
  (lines, _pick, at) => lines.toSpliced(at, 0, lines[at] ?? ''),
  (lines, _pick, at) => lines.toSpliced(at, 1),
  (lines, _pick, at) => changed(lines, at, (line) => ` ${line}`),
  (lines, _pick, at) => changed(lines, at, (line) => line.replace(/^ /, '')),
  (lines, pick, at) => changed(lines, at, (line) => line.replace(/^ +/, pick(['\t', '  \t', '\t  ']))),
  (lines, _pick, at) => changed(lines, at, (line) => line.replace(':', '')),
  (lines, _pick, at) => changed(lines, at, (line) => line.replace(': ', ':')),
  (lines, pick, at) =>
    changed(lines, at, (line) => `${line}${pick(['"', "'", ' "', ':', ' :', ' {', ']', ' # c', '#c', '\t', ' \t# c', ' &x', ' *common', ' |', ','])}`),
  (lines, pick, at) =>
    lines.toSpliced(at, 0, pick(['---', '--- ', '--- # c', '...', '--- x', '%YAML 1.1', '', '\t', '  ', '# c', '---\n---', '- x', 'x', '? y', ': z'])),
  (lines, pick, at) => changed(lines, at, (line) => line.replace(/(['"[\]{},&*:|>-])/, pick(['', '$1$1', "'", '"']))),
  (lines, _pick, at) => lines.map((line, index) => (index >= at && !line.endsWith('\r') ? `${line}\r` : line)),
  (lines, pick, at) =>
    lines.toSpliced(
      at,
      0,
      pick([
        'extra: 1',
        'emulator: null',
        'storage: {}',
        '<<: *common',
        '<<: {replicas: 5}',
        '<<: [*common, {replicas: 1}]',
        'on: 1',
        '1: 2',
        'global: *common',
        '"replicas": 7',
      ]),
    ),
]

function mutantsOf(count: number): string[] {
  const next = random(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T
  return Array.from({ length: count }, () => {
    let lines = pick([sample, unconnected]).split('\n')
    const times = 1 + Math.floor(next() * 2)
    for (let n = 0; n < times; n++) lines = pick(mutations)(lines, pick, Math.floor(next() * lines.length))
    return lines.join('\n')
  })
}

describe('Helm and we read the same', () => {
  let folder: string
  let helm: string

  before(async function () {
    realHelm(this)
    helm = helmBinary() ?? ''
    folder = await mkdtemp(join(tmpdir(), 'loco-agreement-'))
    // The values and the schema of our chart, and one template that gives back what Helm has read.
    await mkdir(join(folder, 'templates'))
    for (const name of ['Chart.yaml', 'values.yaml', 'values.schema.json']) await writeFile(join(folder, name), await readFile(join(ourChart, name), 'utf8'))
    await writeFile(join(folder, 'templates', 'values.yaml'), '{{ .Values | toJson }}\n')
  })

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  /** What Helm reads, or that it refuses, in its words. */
  async function byHelm(text: string, index: number): Promise<{ values?: unknown; refused?: string }> {
    const file = join(folder, `mutant-${index}.values`)
    await writeFile(file, text)
    try {
      const { stdout } = await execute(helm, ['template', 'loco', folder, '-f', file], { maxBuffer: 16 * 1024 * 1024 })
      return { values: JSON.parse(stdout.slice(stdout.indexOf('{'))) }
    } catch (error) {
      return { refused: (error as { stderr?: string }).stderr ?? String(error) }
    }
  }

  it(`${mutants} mutants of seed ${seed}: refused by both, or read by both to the same values`, async function () {
    this.timeout(240_000)
    const charts = new ChartFiles({
      read: (path) => readFile(path, 'utf8'),
      exists: async () => true,
      list: async () => [],
    })
    const chart = await charts.chartIn(folder)
    assert.ok(chart?.schema)
    const texts = mutantsOf(mutants)
    const differences: string[] = []
    let refusals = 0
    const compare = async (text: string, index: number): Promise<void> => {
      const helmReads = await byHelm(text, index)
      const document = ValuesDocument.parse('mutant.yaml', text)
      const view = makeView({ document, role: 'overlay', chart })
      const problems = document.broken ? document.syntax : validate(chart.schema!, view.merged, document)
      if (helmReads.refused !== undefined) refusals += 1
      const weRefuse = document.broken || problems.length > 0
      const same = weRefuse === (helmReads.refused !== undefined) && (weRefuse || equal(view.merged.values, helmReads.values))
      if (!same) {
        const [ours, helms] = [
          weRefuse ? problems.map(({ message }) => message).join('; ') : JSON.stringify(view.merged.values),
          helmReads.refused ?? JSON.stringify(helmReads.values),
        ]
        differences.push(`mutant ${index}:\n${unlike(text)}\n  Helm: ${short(helms)}\n  we:   ${short(ours)}`)
      }
    }
    // Two at a time: starting Helm is most of the work.
    const queue = texts.map((text, index) => ({ text, index }))
    await Promise.all(
      [0, 1].map(async () => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) await compare(one.text, one.index)
      }),
    )
    assert.ok(refusals > mutants / 5 && refusals < (mutants * 4) / 5, `${refusals} of ${mutants} are refused by Helm`)
    assert.equal(differences.join('\n'), '')
  })
})

/** Through JSON both: what a number is there is what a template sees. */
function equal(ours: unknown, helms: unknown): boolean {
  try {
    assert.deepEqual(JSON.parse(JSON.stringify(ours)), helms)
    return true
  } catch {
    return false
  }
}

const short = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text.trim())

/** The lines that are not in the sample. */
function unlike(text: string): string {
  const known = new Set(sample.split('\n'))
  const lines = text.split('\n')
  return lines
    .flatMap((line, index) => (known.has(line) ? [] : [`    ${index + 1}: ${JSON.stringify(line)} (behind ${JSON.stringify(lines[index - 1] ?? '')})`]))
    .join('\n')
}
