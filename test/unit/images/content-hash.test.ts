import assert from 'node:assert/strict'
import { contentHash, contentTag, type HashInputs } from '../../../src/images/content-hash.ts'

const given: HashInputs = {
  files: [
    { path: 'Dockerfile', kind: 'file', content: Buffer.from('FROM busybox:1\n') },
    { path: 'run', kind: 'executable', content: Buffer.from('#!/bin/sh\n') },
  ],
  buildArgs: { DEBIAN: 'debian:bookworm-slim', DISK: '' },
  baseImages: { 'busybox:1': 'sha256:1111' },
}
const [dockerfile, run] = given.files as [HashInputs['files'][0], HashInputs['files'][0]]

type Case = [what: string, inputs: HashInputs, same: boolean]
const cases: Case[] = [
  ['the same again', structuredCloneOf(given), true],
  ['files in another order', { ...given, files: [run, dockerfile] }, true],
  ['arguments in another order', { ...given, buildArgs: { DISK: '', DEBIAN: 'debian:bookworm-slim' } }, true],
  ['one byte of a file', { ...given, files: [{ ...dockerfile, content: Buffer.from('FROM busybox:2\n') }, run] }, false],
  ['the executable bit', { ...given, files: [dockerfile, { ...run, kind: 'file' }] }, false],
  ['a link instead of a file with the same bytes', { ...given, files: [dockerfile, { ...run, kind: 'link' }] }, false],
  ['the name of a file', { ...given, files: [dockerfile, { ...run, path: 'runs' }] }, false],
  ['a file more', { ...given, files: [...given.files, { path: 'x', kind: 'file', content: Buffer.alloc(0) }] }, false],
  ['a byte moved from the name into the content', { ...given, files: [dockerfile, { ...run, path: 'ru', content: Buffer.from('n#!/bin/sh\n') }] }, false],
  ['the value of an argument', { ...given, buildArgs: { ...given.buildArgs, DISK: 'mine' } }, false],
  ['an argument less', { ...given, buildArgs: { DEBIAN: 'debian:bookworm-slim' } }, false],
  ['another base image under the same name', { ...given, baseImages: { 'busybox:1': 'sha256:2222' } }, false],
  ['an argument that looks like a base image', { ...given, buildArgs: { ...given.buildArgs, 'busybox:1': 'sha256:1111' }, baseImages: {} }, false],
]

function structuredCloneOf(inputs: HashInputs): HashInputs {
  return { ...inputs, files: inputs.files.map((file) => ({ ...file, content: Buffer.from(file.content) })) }
}

describe('contentHash', () => {
  for (const [what, inputs, same] of cases) {
    it(`${what}: ${same ? 'same hash' : 'another hash'}`, () => {
      assert.equal(contentHash(inputs) === contentHash(given), same)
    })
  }

  it('stays what it is across releases: a change here rebuilds every image', () => {
    assert.equal(contentHash({ files: [], buildArgs: {}, baseImages: {} }), '4c25585c7ddcf6f0ec108be4e291bd0c7efd1d837a4870a162283683df82d604')
    assert.match(contentTag(contentHash(given)), /^c-[0-9a-f]{12}$/)
  })
})
