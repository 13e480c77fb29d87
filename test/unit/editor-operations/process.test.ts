import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { errorIn, OperationProcess } from '../../../src/editor/operations/process.ts'
import { processEnv } from '../../../src/editor/operations/process-env.ts'
import type { OperationRequest } from '../../../src/operations/request.ts'
import { id, plan, target } from './given.ts'

const request: OperationRequest = {
  schema: 'loco.operation.request/1',
  id,
  options: { operation: 'destroy', cluster: 'auto', namespace: 'loco', release: 'loco', deleteData: false, timeout: 1 },
  consent: { target, losses: [] },
}
const never = new AbortController().signal

/** Fake `loco` programs: what each does with the request on its stdin. */
const programs = {
  plans: `console.log(JSON.stringify(${JSON.stringify(plan)}))`,
  refuses: `console.log(JSON.stringify({ schema: 'loco.error/1', code: 'LOCO-ENV-016', what: 'No context.', why: null, fix: ['a'], evidence: [] })); process.exitCode = 18`,
  breaks: `throw new Error('out of order')`,
  hangs: `setInterval(() => {}, 1000)`,
  begins: `const { mkdirSync, writeFileSync } = require('node:fs'); const folder = process.env.ROOT + '/uid/loco'; mkdirSync(folder, { recursive: true });
    writeFileSync(folder + '/' + JSON.parse(text).id + '.jsonl', text + JSON.stringify(process.argv)); setTimeout(() => console.log('late words'), 50)`,
} as const

describe('the process of an operation', () => {
  let root: string
  const made = (program: keyof typeof programs): OperationProcess => {
    const cli = join(root, `${program}.cjs`)
    writeFileSync(cli, `let text = ''; process.stdin.on('data', (part) => { text += part }).on('end', () => { ${programs[program]} })`)
    return new OperationProcess({ cli, root: join(root, 'state'), env: () => ({ ...process.env, ROOT: join(root, 'state') }) })
  }
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loco-process-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('gives the plan', async () => assert.deepEqual(await made('plans').plan(request, never), plan))

  const refusals: [keyof typeof programs, string, RegExp][] = [
    ['refuses', 'LOCO-ENV-016', /No context/],
    ['breaks', 'LOCO-OPS-005', /ended before it had begun/],
  ]
  for (const [program, code, said] of refusals) {
    it(`a program that ${program}: the plan fails with ${code}`, () => assert.rejects(made(program).plan(request, never), { code, message: said }))
    it(`a program that ${program}: the start fails with ${code}`, () => assert.rejects(made(program).start(request, never), { code, message: said }))
  }

  it('a program that cannot be started', async () => {
    const missing = new OperationProcess({ cli: 'x', root, env: () => ({}), node: join(root, 'nothing') })
    await assert.rejects(missing.plan(request, never), { code: 'LOCO-OPS-005' })
    await assert.rejects(missing.start(request, never), { code: 'LOCO-OPS-005' })
  })

  for (const what of ['plan', 'start'] as const) {
    it(`a ${what} that hangs can be given up`, async () => {
      const stop = new AbortController()
      const given = made('hangs')[what](request, stop.signal)
      stop.abort(new DOMException('Cancelled.', 'AbortError'))
      await assert.rejects(given, { name: 'AbortError' })
    })
  }

  it('has begun once its journal exists; values go in on stdin, and nothing of them stands on the command line', async () => {
    await made('begins').start(request, never)
    const written = readFileSync(join(root, 'state', 'uid', 'loco', `${id}.jsonl`), 'utf8')
    assert.ok(written.startsWith(JSON.stringify(request)))
    assert.match(written, /"operations","run","--output","json"\]$/)
    assert.ok(existsSync(join(root, 'state', 'said', `${id}.log`)))
  })

  it('keeps what processes said, but not for ever', async () => {
    const folder = join(root, 'state', 'said')
    mkdirSync(folder, { recursive: true })
    for (let n = 10; n < 60; n += 1) writeFileSync(join(folder, `20250101-0000${n}-000-aaaa.log`), '')
    await assert.rejects(made('refuses').start(request, never))
    assert.ok(readdirSync(folder).length <= 21)
    assert.ok(readdirSync(folder).includes(`${id}.log`))
  })

  it('finds the error document among other words, and takes no other', () => {
    const document = '{"schema":"loco.error/1","code":"LOCO-USE-005","what":"No cluster.","why":"None.","fix":[],"evidence":["e"],"exit":45}'
    assert.equal(errorIn(`warning\n${document}\n`)?.message, 'No cluster. None.')
    assert.equal(errorIn('{"schema":"loco.error/1","code":"LOCO-XXX-999"}'), undefined)
    assert.equal(errorIn('{"schema":"loco.error/1","code":'), undefined)
    assert.equal(errorIn('nothing'), undefined)
  })
})

describe('the environment of that process', () => {
  const none = { kubeconfig: [], helmPath: '', language: 'de' }
  const rows: [string, NodeJS.ProcessEnv, { kubeconfig: string[]; helmPath: string; language: string }, NodeJS.ProcessEnv][] = [
    ['Electron is Node, and speaks the language of the editor', { A: 'b' }, none, { A: 'b', ELECTRON_RUN_AS_NODE: '1', LOCO_LANGUAGE: 'de' }],
    ['helm of the settings', {}, { ...none, helmPath: '/opt/helm' }, { ELECTRON_RUN_AS_NODE: '1', LOCO_LANGUAGE: 'de', LOCO_HELM: '/opt/helm' }],
    [
      'files of the settings come after those of the person',
      { KUBECONFIG: ['/a', '/gone'].join(delimiter) },
      { ...none, kubeconfig: ['/b', '/gone-too'] },
      { KUBECONFIG: ['/a', '/gone', '/b'].join(delimiter), ELECTRON_RUN_AS_NODE: '1', LOCO_LANGUAGE: 'de' },
    ],
    [
      'and after the default file, where that exists',
      { HOME: '/home/p' },
      { ...none, kubeconfig: ['/b'] },
      { HOME: '/home/p', KUBECONFIG: '/b', ELECTRON_RUN_AS_NODE: '1', LOCO_LANGUAGE: 'de' },
    ],
  ]
  for (const [name, env, settings, expected] of rows)
    it(name, () =>
      assert.deepEqual(
        processEnv(env, settings, (path) => ['/a', '/b'].includes(path)),
        expected,
      ),
    )
})
