// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a Dockerfile writes its arguments
import assert from 'node:assert/strict'
import { baseImages } from '../../../src/images/dockerfile.ts'

type Case = [what: string, dockerfile: string, args: Record<string, string>, expected: string[]]
const cases: Case[] = [
  ['one base', 'FROM busybox:1\nRUN true', {}, ['busybox:1']],
  ['the same base twice counts once', 'FROM busybox:1 AS a\nFROM busybox:1', {}, ['busybox:1']],
  ['own stages are none', 'FROM debian AS guest\nFROM guest AS disk\nFROM node:24\nCOPY --from=disk /a /b', {}, ['debian', 'node:24']],
  ['stage names in any case', 'from debian as Guest\nFROM guest', {}, ['debian']],
  ['scratch is none', 'FROM scratch', {}, []],
  ['default of an argument', 'ARG DEBIAN=debian:bookworm-slim\nFROM ${DEBIAN}', {}, ['debian:bookworm-slim']],
  ['argument without braces', 'ARG DEBIAN="debian:12"\nFROM $DEBIAN AS x', {}, ['debian:12']],
  ['given argument wins', 'ARG DEBIAN=debian:12\nFROM ${DEBIAN}', { DEBIAN: 'mine:1' }, ['mine:1']],
  ['an argument may name a stage', 'ARG DISK=guest\nFROM debian AS guest\nFROM ${DISK} AS disk', {}, ['debian']],
  ['… or a disk of one’s own', 'ARG DISK=guest\nFROM debian AS guest\nFROM ${DISK} AS disk', { DISK: 'my/disk:2' }, ['debian', 'my/disk:2']],
  ['fallback in the reference', 'ARG V\nFROM node:${V:-24}', {}, ['node:24']],
  ['arguments after the first FROM reach no FROM', 'ARG V=1\nFROM a:$V\nARG V=2\nFROM b:$V', {}, ['a:1', 'b:1']],
  ['an image to copy from', 'FROM a\nCOPY --chown=1:1 --from=node:24 /usr/local/bin/node /node', {}, ['a', 'node:24']],
  ['a stage by number', 'FROM a\nFROM b\nCOPY --from=0 /x /y', {}, ['a', 'b']],
  ['platform, comments, continued lines', '# FROM no\nFROM --platform=linux/amd64 \\\n  # inside\n  a:1', {}, ['a:1']],
]

describe('baseImages', () => {
  for (const [what, dockerfile, args, expected] of cases) it(what, () => assert.deepEqual(baseImages(dockerfile, args), expected))
})
