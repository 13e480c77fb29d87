import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messagesOf } from '../../../scripts/l10n/messages.ts'
import { pseudo } from '../../../scripts/l10n/pseudo.ts'
import { parseSources } from '../../../scripts/l10n/syntax.ts'
import { tooEarly, untold } from '../../../scripts/l10n/untold.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { parsedSources } from './parsed-sources.ts'

/** What looks like a text for a person and is none. Each entry must still be needed. */
const notForPersons: [place: RegExp, why: string][] = [
  [/^src\/base\/codes-page\.ts/, 'docs/codes.md, which is in English'],
  [/^src\/chart\/values-table\.ts/, 'docs/values.md, which is in English'],
  [/^src\/chart\/helm\.ts:\d+: release: not found$/, 'words of helm'],
  [/^src\/chart\/helm-process\.ts:\d+: \{0\} version$/, 'a command to type'],
  [/^src\/chart\/pod-security\.ts:\d+: ports \{0\} hostPort$/, 'a field of an object'],
  [/^src\/cli\/editor\/install-server\.ts:\d+: for \(const name/, 'a program'],
  [/^src\/cli\/editor\/install-server\.ts:\d+: the installation of/, 'the name of a lock, told from process to process'],
  [/^src\/cli\/editor\/workspace\.ts:\d+: # Values of this fleet/, 'a values file; those of the chart are in English, too'],
  [/^src\/cluster\/containerd-store\.ts:\d+: not found$/, 'words of ctr'],
  [/^src\/editor\/actions\/terminal\/shells\.ts/, 'a program of a shell'],
  [/^src\/editor\/screens\/page-html\.ts/, 'a page and its policy'],
  [/^src\/images\/build\.ts:\d+: No such image: \{0\}$/, 'words of Docker'],
  [/^src\/images\/engine\.ts:\d+: (?:no such image|server error)$/, 'words of Docker'],
  [/^src\/operations\/disk-move\.ts/, 'a program of a pod'],
  [/^src\/operations\/request\.ts:\d+: It is no id of an operation\.$/, 'an issue of a contract, kept as evidence'],
  [/^src\/sandbox\/csi\/(?:checks|controller|copy|main|node)\.ts/, 'a process of its own, whose words are a log and events of Kubernetes'],
  [/^src\/sandbox\/devices\/main\.ts/, 'a process of its own, whose words are a log'],
  [/^src\/sandbox\/(?:firewall|images\/busybox|parts\/containerd|parts\/coredns)\.ts/, 'files and commands that programs read'],
  [/^src\/values\/complete-keys\.ts:\d+: (?:storage|strategy): \{0\}$/, 'a piece of a values file'],
  [/^src\/values\/rules\/host-path\.ts:\d+: extraMounts/, 'a line of a file of kind'],
  [/^src\/values\/rules\/rule-table\.ts/, 'docs/values-language.md, which is in English'],
  [/^src\/screen\/(?:relay|rfb\/[\w-]+)\.ts/, 'evidence: the numbers of a broken protocol'],
]

describe('every text for a person can be translated', () => {
  it('l10n/bundle.l10n.json holds exactly the messages of the sources (npm run docs writes it)', () => {
    const kept = Object.keys(JSON.parse(readFileSync(join(packageRoot(), 'l10n', 'bundle.l10n.json'), 'utf8')) as object)
    const held = Object.keys(messagesOf(parsedSources()))
    assert.deepEqual({ missing: held.filter((key) => !kept.includes(key)), gone: kept.filter((key) => !held.includes(key)) }, { missing: [], gone: [] })
  })

  it('no text is left out', () => {
    const found = untold(parsedSources().filter(({ path }) => !path.startsWith('containers/')))
    assert.deepEqual(
      found.filter((text) => !notForPersons.some(([place]) => place.test(text))),
      [],
    )
    assert.deepEqual(
      notForPersons.filter(([place]) => !found.some((text) => place.test(text))).map(([place]) => String(place)),
      [],
      'these exceptions are no longer needed',
    )
  })

  it('no text is made before the language is known', () => assert.deepEqual(tooEarly(parsedSources()), []))
})

describe('what counts as a text for a person', () => {
  /** [a line of a program, the texts in it that are left out] */
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are lines of a program
  const lines: [string, string[]][] = [
    ["throw new LocoError('LOCO-USE-002', { what: 'Cancelled.' })", ['Cancelled.']],
    ['x = { what: t`Pod ${pod} is gone.` }', []],
    ["x = { title: late ? 'Late' : t('In time') }", ['Late']],
    ["x = { title: kind === 'late' ? t('Late') : t('In time') }", []],
    ['x = { label: name, description: `${count} pods` }', ['{0} pods']],
    ["x = { fix: ['loco status', 'Wait a little.'] }", ['Wait a little.']],
    ["x = { evidence: ['the words of somebody'] }", []],
    ["window.showErrorMessage('No!', t('Retry'), 'Help')", ['No!', 'Help']],
    ["out.write('it is done')", ['it is done']],
    ["t`Pod ${gone ? 'is gone' : 'is there'}.`", ['is gone', 'is there']],
    ["log.warn('a part has ended')", []],
    ["throw new Error('this cannot happen')", []],
    ["run('kubectl', ['get', 'pods'])", []],
  ]
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are lines of a program
  let found: string[] = []
  let early: string[] = []
  before(() => {
    const folder = mkdtempSync(join(tmpdir(), 'loco-l10n-'))
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'src', 'a.ts'), lines.map(([line]) => `() => { ${line} }\n`).join(''))
    writeFileSync(
      join(folder, 'src', 'b.ts'),
      "const early = t('a')\nconst late = () => t('b')\nclass C { c = t('c'); static d = t('d'); e() { return t('e') } }\n",
    )
    const files = parseSources(folder, ['src'])
    found = untold(files)
    early = tooEarly(files)
    rmSync(folder, { recursive: true })
  })

  for (const [index, [line, texts]] of lines.entries())
    it(line, () =>
      assert.deepEqual(
        found.filter((text) => text.startsWith(`src/a.ts:${index + 1}: `)).map((text) => text.replace(/^\S+ /, '')),
        texts,
      ),
    )

  it('what runs while a file loads is too early', () => assert.deepEqual(early, ['src/b.ts:1', 'src/b.ts:3']))
})

describe('the pseudo-locale', () => {
  const cases: [string, string][] = [
    ['Port {0} is taken.', '[[Þóřŧ {0} íš ŧáķéñ. ~~~~~~~~]]'],
    ['Run `loco status`, or [look]({0}).', '[[Řúñ `loco status`, óř [łóóķ]({0}). ~~~~~~~~~~~~~~]]'],
    ['[Open](command:loco.openScreen) $(gear) --context NAME', '[[[Óþéñ](command:loco.openScreen) $(gear) --context ÑÁṀÉ ~~~~~~~~~~~~~~~~~~~~~~]]'],
    ['\n  {name}\n', '\n  [[{name} ~~~]]\n'],
  ]
  for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.equal(pseudo(text), expected))
})
