import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chart } from '../../../src/values/chart.ts'
import { check } from '../../../src/values/check.ts'
import type { Severity } from '../../../src/values/types.ts'
import { chartFolder, given, local, node, otherChart, ourChart } from './rules/given.ts'

const codes = (view: Parameters<typeof check>[0]): string[] => check(view).problems.map(({ code, severity }) => `${code} ${severity}`)

describe('values: what is said', () => {
  let chart: Chart
  before(async () => {
    chart = await ourChart()
  })

  for (const file of readdirSync(chartFolder).filter((name) => /^values.*\.yaml$/.test(name))) {
    it(`nothing of our own ${file}`, () => {
      const text = readFileSync(join(chartFolder, file), 'utf8')
      const kind = file.includes('minikube') ? 'minikube' : file.includes('kind') ? 'kind' : file.includes('production') ? 'unknown' : 'native'
      const classes = [{ ...local, name: 'standard' }]
      // Ten nodes for production; the others have one, and what it offers fits the overlay.
      const nodes = Array.from({ length: kind === 'unknown' ? 10 : 1 }, (_, index) =>
        node(`n${index}`, { allocatable: { cpu: 4, memory: 2 ** 34, ephemeralStorage: 2 ** 37, devices: ['devices.kubevirt.io/kvm'] } }),
      )
      const facts = { kind, nodes, storageClasses: classes } as const
      const { problems } = check(given({ text, chart, role: file === 'values.yaml' ? 'defaults' : 'overlay', facts }))
      assert.deepEqual(
        problems.map(({ code, message }) => `${code} ${message}`),
        [],
      )
    })
  }

  describe('off-switches', () => {
    const small = 'storage:\n  persistentVolume:\n    size: 1Gi\n'
    const off = (comment: string): string => small.replace('    size', `    # ${comment}\n    size`)
    const rows: [name: string, text: string, told: string[]][] = [
      ['none', small, ['LOCO-ST-04 warning']],
      ['the next line, this code', off('loco-disable-next-line LOCO-ST-04'), []],
      ['a short code', off('loco-disable-next-line st-04'), []],
      ['with a reason behind', off('loco-disable-next-line ST-04 a test fleet'), []],
      ['several codes', off('loco-disable-next-line ST-03, ST-04'), []],
      ['all', off('loco-disable-next-line'), []],
      ['another code', off('loco-disable-next-line ST-03'), ['LOCO-ST-04 warning']],
      ['comments between', off('loco-disable-next-line ST-04\n    # why'), []],
      ['another line', `# loco-disable-next-line ST-04\n${small}`, ['LOCO-ST-04 warning']],
      ['the file', `${small}# loco-disable-file ST-04\n`, []],
      ['of yaml-language-server', off('yaml-language-server-disable'), []],
      ['of yaml-language-server, with words', off('yaml-language-server-disable too little, something'), []],
      ['of yaml-language-server, with other words', off('yaml-language-server-disable incorrect type'), ['LOCO-ST-04 warning']],
      ['in a text', small.replace('1Gi', '1Gi\nimageRepo: "# loco-disable-file"'), ['LOCO-VA-05 error', 'LOCO-ST-04 warning'].toSorted().reverse()],
      ['an error, too', '# loco-disable-next-line VA-02\nfrobnicate: 1\n', []],
    ]
    for (const [name, text, told] of rows) it(name, () => assert.deepEqual(codes(given({ text, chart })).toSorted(), told.toSorted()))
  })

  describe('severity by setting', () => {
    const rows: [Severity | 'off', string[]][] = [
      ['error', ['LOCO-ST-04 error']],
      ['hint', ['LOCO-ST-04 hint']],
      ['off', []],
    ]
    for (const [severity, told] of rows)
      it(severity, () =>
        assert.deepEqual(codes(given({ text: 'storage:\n  persistentVolume:\n    size: 1Gi\n', chart, severity: { 'LOCO-ST-04': severity } })), told),
      )
    it('what is switched off is not unchecked either', () => {
      const { unchecked } = check(given({ text: 'replicas: 1\n', chart, severity: { 'LOCO-ST-12': 'off' } }))
      assert.ok(!unchecked.some(({ code }) => code === 'LOCO-ST-12'))
    })
  })

  describe('several files', () => {
    it('what an earlier file sets is told at the value that it concerns here, with the other place beside it', () => {
      const text = 'emulator:\n  memoryMiB: 256\n'
      const [problem, ...others] = check(given({ text, chart, earlier: ['emulator:\n  resources:\n    limits:\n      memory: 288Mi\n'] })).problems
      assert.deepEqual(others, [])
      assert.equal(problem?.code, 'LOCO-VA-08')
      assert.equal(text.slice(problem.range.start, problem.range.end), '256')
      assert.deepEqual(
        problem.related?.map(({ file, message }) => [file, message]),
        [['/mine/values-0.yaml', 'emulator.resources.limits.memory is set here.']],
      )
    })

    it('an overlay need not repeat what is required', () => assert.deepEqual(codes(given({ text: 'emulator:\n  image: a\n', chart })), []))
    it('a later file mends an earlier one', () =>
      assert.deepEqual(codes(given({ text: 'emulator:\n  healthPort: 8080\n', chart, earlier: ['emulator:\n  healthPort: 5901\n'] })), []))
  })

  describe('without a cluster', () => {
    const unchecked = (text: string): string[] => check(given({ text, chart })).unchecked.map(({ code, reason }) => `${code} ${reason}`)
    it('rules that would ask one say so', () => {
      const told = unchecked('storage:\n  strategy: hybrid\n')
      for (const code of ['ST-07', 'ST-08', 'ST-12', 'ST-19', 'ST-21', 'VA-10', 'VA-17'])
        assert.ok(told.includes(`LOCO-${code} needs a cluster`), `${code} of ${told.join()}`)
    })
    it('rules that could not hold anyway are silent', () => {
      assert.ok(!unchecked('storage:\n  strategy: ephemeral\n').some((line) => /ST-(?:08|12|36)/.test(line)))
    })
    it('a list that the cluster does not show is told', () => {
      const { unchecked: told } = check(given({ text: 'replicas: 1\n', chart, facts: { storageClasses: undefined, nodes: undefined } }))
      assert.deepEqual(
        told.filter(({ code }) => code === 'LOCO-ST-12' || code === 'LOCO-VA-10').map(({ reason }) => reason),
        ['the storage classes of the cluster cannot be read', 'the nodes of the cluster cannot be read'],
      )
    })
  })

  describe('broken files', () => {
    const rows: [text: string, told: RegExp][] = [
      ['replicas 1\nemulator:\n  tag: latest\n', /^LOCO-VA-20 error/],
      ['emulator:\n\ttag: latest\n', /^LOCO-VA-20 error/],
      ['- a\n- b\n', /^LOCO-VA-20 error$/],
      ['replicas: *gone\n', /^LOCO-VA-20 error/],
    ]
    for (const [text, told] of rows) it(JSON.stringify(text), () => assert.match(codes(given({ text, chart })).join(), told))
    it('what stands in a broken file is judged, what is missing is not', () => {
      const told = codes(given({ text: 'emulator:\n  tag: latest\n\n\nstorage:\n  persistentVolume: {size: 1Gi\n', chart, facts: { storageClasses: [] } }))
      assert.ok(told.includes('LOCO-VA-07 error'), told.join())
      assert.ok(!told.some((line) => line.startsWith('LOCO-ST-12')), told.join())
    })
  })

  describe('any chart', () => {
    const other = otherChart('image: a\nenabled: true\ntag: v1\nsub:\n  a: 1\n', {
      'a.yaml':
        '{{ .Values.image }}{{ .Values.enabled | default true }}{{ .Values.missing }}{{ .Values.tag }}\n{{ range $n, $v := .Values.env }}\n- name: {{ $n }}\n{{ end }}\n- name: HOME_DIR\n',
    })
    const rows: [name: string, text: string, role: 'defaults' | 'overlay', told: string[]][] = [
      ['values that nothing reads', 'image: b\nextra: 1\n', 'overlay', ['LOCO-VA-03 warning']],
      ['values that are read', 'image: b\ntag: v2\n', 'overlay', []],
      ['values of a subchart', 'sub:\n  a: 2\n', 'overlay', []],
      ['values of all charts', 'global:\n  a: 2\n', 'overlay', []],
      ['a false that is turned back', 'enabled: false\n', 'overlay', ['LOCO-VA-18 warning']],
      ['a true', 'enabled: true\n', 'overlay', []],
      ['a template without a default', 'image: a\nenabled: true\ntag: v1\n', 'defaults', ['LOCO-VA-04 warning']],
      ['a variable that the template sets', 'env:\n  HOME_DIR: a\n', 'overlay', ['LOCO-VA-15 warning']],
      ['a variable that it does not', 'env:\n  OTHER: a\n', 'overlay', []],
      ['a tag that names no build', 'tag: latest\n', 'overlay', ['LOCO-VA-07 warning']],
      ['rules of our chart are silent', 'storage:\n  strategy: hostPath\nimage: a\n', 'overlay', ['LOCO-VA-03 warning']],
    ]
    for (const [name, text, role, told] of rows) it(name, () => assert.deepEqual(codes(given({ text, chart: other, role })), told))
    it('values of a subchart that the templates look into', () => {
      const parent = {
        ...otherChart('db:\n  enabled: true\n  size: 1\n', { 'a.yaml': '{{ if .Values.db.enabled }}{{ .Values.db.host }}{{ end }}' }),
        subcharts: ['db'],
      }
      assert.deepEqual(codes(given({ text: 'db:\n  enabled: true\n  size: 1\n', chart: parent, role: 'defaults' })), [])
      assert.deepEqual(codes(given({ text: 'db:\n  size: 2\ntags:\n  all: true\n', chart: parent })), [])
      assert.deepEqual(codes(given({ text: 'db:\n  size: 2\n', chart: { ...parent, subcharts: [] } })), ['LOCO-VA-03 warning'])
    })
    it('a schema that helm cannot read', () => {
      const range = { start: 3, end: 4 }
      const schemaProblem = { code: 'LOCO-VA-22', severity: 'error', message: 'The schema is no JSON.', file: '/other/values.schema.json', range } as const
      const [problem, ...rest] = check(given({ text: 'image: a\n', chart: { ...other, schemaProblem } })).problems
      assert.deepEqual(
        [rest, problem?.code, problem?.file, problem?.related],
        [[], 'LOCO-VA-22', '/mine/values-mine.yaml', [{ file: schemaProblem.file, range, message: schemaProblem.message }]],
      )
    })
    it('a file without a chart', () => assert.deepEqual(codes(given({ text: 'a: 1\n', chart: undefined })), []))
    it('unread values are faded, and where a template reads is told', () => {
      assert.equal(check(given({ text: 'extra: 1\n', chart: other })).problems[0]?.tag, 'unnecessary')
      assert.deepEqual(
        check(given({ text: 'image: a\ntag: b\n', chart: other, role: 'defaults' })).problems[0]?.related?.map(({ file }) => file),
        ['/other/templates/a.yaml'],
      )
    })
  })
})
