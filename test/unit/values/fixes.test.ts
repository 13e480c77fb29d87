import assert from 'node:assert/strict'
import type { Chart } from '../../../src/values/chart.ts'
import { check } from '../../../src/values/check.ts'
import { ValuesDocument } from '../../../src/values/document.ts'
import { applied } from '../../../src/values/edit.ts'
import { fixAll, fixesFor, withText } from '../../../src/values/fixes.ts'
import { Rewrite } from '../../../src/values/rewrite.ts'
import type { ClusterFacts } from '../../../src/values/types.ts'
import { given, local, ourChart } from './rules/given.ts'

describe('values: quick fixes', () => {
  let chart: Chart
  before(async () => {
    chart = await ourChart()
  })

  /** [what it is, values, the code, the title of the fix, values then, facts] */
  const rows: [name: string, text: string, code: string, title: string, then: string, facts?: Partial<ClusterFacts>][] = [
    ['a valid value', 'emulator:\n  accel: KVM # fast\n', 'LOCO-VA-05', 'Use kvm', 'emulator:\n  accel: kvm # fast\n'],
    ['quotes stay', "emulator:\n  imagePullPolicy: 'always'\n", 'LOCO-VA-05', 'Use Always', "emulator:\n  imagePullPolicy: 'Always'\n"],
    ['a number in quotes', 'replicas: "4" # four\n', 'LOCO-VA-05', 'Write the number 4', 'replicas: 4 # four\n'],
    ['a boolean in quotes', 'rbac:\n  create: "yes"\n', 'LOCO-VA-05', 'Write true without quotes', 'rbac:\n  create: true\n'],
    ['a number for a text', 'emulator:\n  env:\n    A: 0777\n', 'LOCO-VA-05', 'Write "0777" in quotes', 'emulator:\n  env:\n    A: "0777"\n'],
    ['out of range', 'replicas: 300\n', 'LOCO-VA-05', 'Use 256', 'replicas: 256\n'],
    [
      'a null that takes a default away',
      '# a\nemulator:\n  resources: null\n  image: b\n',
      'LOCO-VA-05',
      'Delete emulator.resources',
      '# a\nemulator:\n  image: b\n',
    ],
    ['a letter', '# number\nreplicass: 2 # two\n', 'LOCO-VA-02', 'Rename to replicas', '# number\nreplicas: 2 # two\n'],
    ['a word of other charts', 'replicaCount: 2\n', 'LOCO-VA-02', 'Rename to replicas', 'replicas: 2\n'],
    [
      'a misplaced key',
      '# memory\nmemoryMiB: 64 # small\nemulator:\n  image: a\n',
      'LOCO-VA-02',
      'Move to emulator.memoryMiB',
      '# memory\nemulator:\n  image: a\n  memoryMiB: 64 # small\n',
    ],
    ['an unknown key', 'replicas: 1\nfrobnicate: true\n', 'LOCO-VA-02', 'Delete frobnicate', 'replicas: 1\n'],
    [
      'the first of two',
      'replicas: 1 # old\nimageRepo: a\nreplicas: 2 # new\n',
      'LOCO-VA-01',
      'Delete the first replicas, which has no effect',
      'imageRepo: a\nreplicas: 2 # new\n',
    ],
    ['this one of two', 'replicas: 1 # old\nimageRepo: a\nreplicas: 2 # new\n', 'LOCO-VA-01', 'Delete this replicas', 'replicas: 1 # old\nimageRepo: a\n'],
    ['a size', 'storage:\n  persistentVolume: { size: 10GB } # much\n', 'LOCO-ST-03', 'Use 10Gi', 'storage:\n  persistentVolume: { size: 10Gi } # much\n'],
    [
      'a class that exists',
      'storage:\n  persistentVolume:\n    storageClass: standard # of minikube\n',
      'LOCO-ST-12',
      'Use local-path',
      'storage:\n  persistentVolume:\n    storageClass: local-path # of minikube\n',
      {},
    ],
    [
      'a class where none was named',
      'replicas: 1\n',
      'LOCO-ST-12',
      'Use local-path',
      'replicas: 1\nstorage:\n  persistentVolume:\n    storageClass: local-path\n',
      { storageClasses: [{ ...local, isDefault: false }] },
    ],
    [
      'what the strategy needs',
      'storage:\n  strategy: hybrid # both\n  hostPath: null\n',
      'LOCO-ST-02',
      'Add the folder',
      'storage:\n  strategy: hybrid # both\n  hostPath:\n    sharedDirectory: /var/lib/loco-art-shared\n    createIfNotExists: true\n',
    ],
    [
      'the old form',
      '# disks\nstorage:\n  # where\n  strategy:\n    # the developer machine\n    hostPath:\n      enabled: true\n      path: /data/art # shared\n      createOnStartup: true\n      permissions: "777"\n  class: standard # of minikube\n  diskSize: 20Gi\n  nfsSize: 10Gi\n# end\n',
      'LOCO-ST-01',
      'Convert to the form with one word',
      '# disks\nstorage:\n  # where\n  # the developer machine\n  # shared\n  strategy: hostpath\n  hostPath:\n    sharedDirectory: /data/art\n    createIfNotExists: true\n  persistentVolume:\n    storageClass: standard # of minikube\n    size: 20Gi\n# end\n',
    ],
    [
      'the old form in CRLF',
      'storage:\r\n  strategy:\r\n    hybrid:\r\n      enabled: true\r\n      primary: hostPath\r\n    hostPath:\r\n      enabled: false\r\n      path: /data/art\r\nreplicas: 1\r\n',
      'LOCO-ST-01',
      'Convert to the form with one word',
      'storage:\r\n  strategy: hybrid\r\n  hostPath:\r\n    sharedDirectory: /data/art\r\nreplicas: 1\r\n',
    ],
    [
      'the old form in braces',
      'storage: { strategy: { hostPath: { enabled: true, path: /data/a } } }\n',
      'LOCO-ST-01',
      'Convert to the form with one word',
      'storage: { strategy: hostpath, hostPath: {sharedDirectory: /data/a} }\n',
    ],
    [
      'an old key',
      'storage:\n  class: standard # old\n  persistentVolume:\n    size: 10Gi\n',
      'LOCO-VA-14',
      'Move to storage.persistentVolume.storageClass',
      'storage:\n  persistentVolume:\n    size: 10Gi\n    storageClass: standard # old\n',
    ],
    [
      'an old key whose value is there',
      'storage:\n  diskSize: 20Gi\n  persistentVolume:\n    size: 10Gi\n',
      'LOCO-VA-14',
      'Delete storage.diskSize',
      'storage:\n  persistentVolume:\n    size: 10Gi\n',
    ],
    ['an old map', '# top\nnfs:\n  enabled: true\n  size: 10Gi\nreplicas: 1\n', 'LOCO-VA-14', 'Delete nfs', '# top\nreplicas: 1\n'],
    [
      'advice that is not wanted',
      'storage:\n  persistentVolume:\n    size: 1Gi\n',
      'LOCO-ST-04',
      'Switch off LOCO-ST-04 for this line',
      'storage:\n  persistentVolume:\n    # loco-disable-next-line LOCO-ST-04\n    size: 1Gi\n',
    ],
  ]
  for (const [name, text, code, title, then, facts] of rows) {
    it(`${name}: ${title}`, () => {
      const view = given({ text, chart, ...(facts === undefined ? {} : { facts }) })
      const problem = check(view).problems.find((one) => one.code === code)
      assert.ok(problem, JSON.stringify(check(view).problems))
      const fixes = fixesFor(view, problem)
      const fix = fixes.find((one) => one.title === title)
      assert.ok(fix, fixes.map((one) => one.title).join(' | '))
      assert.equal(applied(text, fix.edits), then)
      const after = withText(view, then)
      assert.equal(check(after).problems.filter((one) => one.code === code && String(one.path) === String(problem.path)).length, 0)
    })
  }

  it('an error cannot be switched off with a fix', () => {
    const view = given({ text: 'replicass: 2\n', chart })
    const [problem] = check(view).problems
    assert.ok(problem)
    assert.ok(!fixesFor(view, problem).some(({ title }) => title.startsWith('Switch off')))
  })

  it('a problem that is no longer there has no fix', () => {
    const before = given({ text: 'replicass: 2\n', chart })
    const [problem] = check(before).problems
    assert.ok(problem)
    assert.deepEqual(fixesFor(given({ text: 'replicas: 2\n', chart }), problem), [])
  })

  describe('all at once', () => {
    /** [values, values then, only this code] */
    const all: [string, string, string?][] = [
      ['replicas: 1\n', 'replicas: 1\n'],
      ['replicass: "2" # two\n', 'replicas: 2 # two\n'],
      ['replicas: 1\nreplicas: 2\nreplicas: 3\n', 'replicas: 3\n'],
      [
        'storage:\n  strategy: hostPath # there\n  class: standard\n  diskSize: 20GB\nnamespace: loco\n',
        'storage:\n  strategy: hostpath # there\n  persistentVolume:\n    storageClass: standard\n    size: 20Gi\n',
      ],
      ['storage:\n  strategy: hostPath\n  diskSize: 20GB\n', 'storage:\n  strategy: hostpath\n  diskSize: 20GB\n', 'LOCO-ST-01'],
      // What the person must decide is left.
      ['replicas: 300\nfrobnicate: 1\n', 'replicas: 300\nfrobnicate: 1\n'],
      [
        'emulator:\n  memoryMiB: 1024\n  resources:\n    limits:\n      memory: 512Mi\n',
        'emulator:\n  memoryMiB: 512\n  resources:\n    limits:\n      memory: 672Mi\n',
      ],
      // A broken file stays as it is where it cannot be read.
      ['replicas 1\n', 'replicas 1\n'],
    ]
    for (const [text, then, only] of all) {
      it(JSON.stringify(text), () => {
        const edits = fixAll(given({ text, chart }), only)
        assert.equal(applied(text, edits), then)
        const ordered = edits.map(({ range }) => range).toSorted((one, other) => one.start - other.start)
        for (const [index, range] of ordered.entries()) assert.ok(index === 0 || (ordered[index - 1]?.end ?? 0) <= range.start, 'edits overlap')
      })
    }

    it('nothing is left to do afterwards', () => {
      const text = 'replicass: "3"\nstorage:\n  strategy: { hostPath: { enabled: true } }\n  class: a\nnfs: {}\n'
      const view = given({ text, chart })
      assert.deepEqual(fixAll(withText(view, applied(text, fixAll(view)))), [])
    })
  })
})

describe('several edits one after the other', () => {
  const edit = (start: number, end: number, newText: string) => ({ file: 'f', range: { start, end }, newText })
  const cases: [name: string, steps: ReturnType<typeof edit>[][], then: string, edits: number][] = [
    ['none', [], 'abcdef', 0],
    ['one', [[edit(1, 2, 'X')]], 'aXcdef', 1],
    ['two in one step', [[edit(1, 2, 'X'), edit(4, 5, 'Y')]], 'aXcdYf', 2],
    ['an edit of an edit', [[edit(1, 2, 'XYZ')], [edit(2, 3, '')]], 'aXZcdef', 1],
    ['behind an insertion', [[edit(0, 0, '12')], [edit(7, 8, 'F')]], '12abcdeF', 2],
    ['taken back', [[edit(1, 2, 'X')], [edit(1, 2, 'b')]], 'abcdef', 0],
    ['all gone', [[edit(0, 6, '')], [edit(0, 0, 'z')]], 'z', 1],
  ]
  for (const [name, steps, then, count] of cases) {
    it(name, () => {
      const rewrite = new Rewrite(ValuesDocument.parse('f', 'abcdef'))
      for (const step of steps) rewrite.apply(...step)
      assert.equal(rewrite.document.text, then)
      assert.equal(applied('abcdef', rewrite.edits()), then)
      assert.equal(rewrite.edits().length, count)
    })
  }
})
