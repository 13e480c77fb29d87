import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { buildError } from '../../../src/images/build-errors.ts'
import { asDockerError } from '../../../src/images/docker-errors.ts'
import { connectionOf } from '../../../src/images/engine.ts'
import { imagePart } from '../../../src/images/parts.ts'

const apt = "The command '/bin/sh -c apt-get update' returned a non-zero code: 100"
const builds: [error: string, tail: string[], code: string][] = [
  ["The command '/bin/sh -c false' returned a non-zero code: 1", ['it broke'], 'LOCO-BLD-010'],
  ["The command '/bin/sh -c make' returned a non-zero code: 137", [], 'LOCO-BLD-020'],
  [apt, ['Err:1 http://deb.debian.org bookworm InRelease', "  Temporary failure resolving 'deb.debian.org'"], 'LOCO-BLD-014'],
  [apt, ['E: Failed to fetch http://deb.debian.org/x.deb  Could not connect to deb.debian.org:80'], 'LOCO-BLD-014'],
  [apt, ['E: Unable to locate package qemu-system-x86'], 'LOCO-BLD-015'],
  [apt, ["E: You don't have enough free space in /var/cache/apt/archives/."], 'LOCO-BLD-013'],
  [apt, ['E: Failed to fetch http://x  write (28: No space left on device)'], 'LOCO-BLD-013'],
  ['failed to register layer: write /usr/lib/x: no space left on device', [], 'LOCO-BLD-013'],
  ['manifest for debian:nope not found: manifest unknown: manifest unknown', [], 'LOCO-BLD-011'],
  ["pull access denied for loco-absent, repository does not exist or may require 'docker login'", [], 'LOCO-BLD-011'],
  ['Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host', [], 'LOCO-BLD-012'],
  ['Get "https://registry-1.docker.io/v2/": x509: certificate signed by unknown authority', [], 'LOCO-BLD-012'],
  ['COPY failed: file not found in build context or excluded by .dockerignore: stat agent.cjs: file does not exist', [], 'LOCO-BLD-016'],
  ['dockerfile parse error line 2: unknown instruction: RUNN', [], 'LOCO-BLD-017'],
  ['standard_init_linux.go:228: exec user process caused: exec format error', [], 'LOCO-BLD-018'],
]

describe('buildError', () => {
  for (const [error, tail, code] of builds)
    it(`${code}: ${tail.at(-1) ?? error}`, () => assert.equal(buildError('emulator', { error, tail, step: undefined }).code, code))

  it('names the step and keeps its last lines', () => {
    const error = buildError('emulator', {
      error: 'x returned a non-zero code: 1',
      tail: ['one', 'two'],
      step: { number: 2, total: 5, instruction: 'RUN make' },
    })
    assert.equal(error.what, 'Building the image of the emulator failed at step 2 of 5 (RUN make).')
    assert.deepEqual(error.evidence, ['one', 'two', 'x returned a non-zero code: 1'])
  })
})

describe('asDockerError', () => {
  const fault = (fields: object, message = 'words'): Error => Object.assign(new Error(message), fields)
  const cases: [error: Error, code: string][] = [
    [fault({ code: 'ECONNREFUSED' }), 'LOCO-ENV-001'],
    [fault({ code: 'ENOENT' }), 'LOCO-ENV-003'],
    [fault({ code: 'EACCES' }), 'LOCO-ENV-002'],
    [fault({ code: 'ECONNRESET' }, 'socket hang up'), 'LOCO-ENV-005'],
    [fault({ statusCode: 500, json: { message: 'boom' } }), 'LOCO-ENV-005'],
    [fault({ statusCode: 500, json: { message: 'write x: no space left on device' } }), 'LOCO-BLD-013'],
  ]
  for (const [error, code] of cases) {
    it(`${error.message} ${JSON.stringify(error)} → ${code}`, () => {
      const seen = asDockerError(error, 'Could not build an image.', 'unix:///x')
      assert.ok(seen instanceof LocoError)
      assert.equal(seen.code, code)
    })
  }

  it('an abort stays the reason of the person who aborted', () => {
    const reason = new Error('stop')
    assert.equal(asDockerError(fault({ code: 'ECONNRESET' }), 'Could not build an image.', 'x', AbortSignal.abort(reason)), reason)
  })
})

describe('connectionOf', () => {
  const cases: [host: string, expected: object | string][] = [
    ['unix:///run/loco/docker.sock', { socketPath: '/run/loco/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://127.0.0.1:2375', { protocol: 'http', host: '127.0.0.1', port: '2375' }],
    ['tcp://box', { protocol: 'http', host: 'box', port: '2375' }],
    ['ssh://me@box', 'LOCO-ENV-004'],
    ['https://box:2376', 'LOCO-ENV-004'],
    ['nonsense', 'LOCO-ENV-004'],
  ]
  for (const [host, expected] of cases) {
    it(host, () => {
      if (typeof expected === 'string') assert.throws(() => connectionOf(host), { code: expected })
      else assert.deepEqual(connectionOf(host), expected)
    })
  }
})

describe('imagePart', () => {
  it('the emulator has nine names from one build', () => {
    const part = imagePart('emulator')
    assert.deepEqual(part.repositories, [
      'compose-emulator-0',
      'compose-emulator-1',
      'compose-emulator-2',
      'compose-emulator-3',
      'compose-emulator-4',
      'compose-emulator-5',
      'compose-emulator-6',
      'compose-emulator-7',
      'compose-emulator-8',
    ])
  })
  for (const [name, code] of [
    ['backend', 'LOCO-BLD-001'],
    ['vr', 'LOCO-BLD-001'],
    ['emulater', 'LOCO-BLD-002'],
  ] as const) {
    it(`${name}: ${code}`, () => assert.throws(() => imagePart(name), { code }))
  }
})
