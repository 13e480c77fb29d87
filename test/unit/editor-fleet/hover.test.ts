import assert from 'node:assert/strict'
import { emulatorHover, type HoverInput } from '../../../src/editor/fleet/emulator-hover.ts'
import { code, commandLink, plain } from '../../../src/editor/fleet/markdown.ts'
import { at, emulator, id } from './given-fleet.ts'

const hover = (more: Partial<HoverInput> = {}): string =>
  emulatorHover({
    ref: { fleet: id, emulator: 'instance-0' },
    emulator: emulator(),
    freshness: { state: 'live', since: at },
    picture: undefined,
    time: { seconds: (iso) => iso.slice(11, 19), day: (iso) => iso.slice(0, 16) },
    ...more,
  })

describe('fleet view: hover', () => {
  it('says how it is, why, since when, and offers what can be done', () => {
    const text = hover()
    assert.match(text, /^\*\*instance\\-0\*\* · healthy · picture\n\nThe guest shows a picture\\\.\n\nSince 2026\\-11\\-20T12\\:00/)
    assert.match(text, /\[Open Screen\]\(command:loco\.openScreen\?.+\) · \[Show Logs\]\(.+\) · \[Describe\]\(.+\)$/)
    assert.doesNotMatch(text, /!\[/)
  })

  it('shows the picture and when it was taken', () => {
    assert.match(
      hover({ picture: { uri: 'file:///x/a.png', at } }),
      /!\[Screen of instance\\-0\]\(file:\/\/\/x\/a\.png\|width=320\)\n\n\*Picture of 12\\:00\\:00\*/,
    )
  })

  it('says as of when, if the cluster cannot be seen', () => {
    assert.match(hover({ freshness: { state: 'offline', since: at } }), /as of 2026\\-11\\-20T12\\:00/)
  })

  it('shows findings with what to do; nothing from outside becomes markup', () => {
    const finding = {
      code: 'LOCO-IMG-001',
      title: 'No <b>image</b>',
      cause: '![x](http://evil)',
      evidence: [],
      fix: ['a `tick` b', '](command:evil)'],
      severity: 'fatal' as const,
    }
    const text = hover({ emulator: emulator({ sentence: '[a](command:workbench.action.quit) $(error)', findings: [finding] }) })
    assert.doesNotMatch(text, /<b>|[^\\]!\[x|[^\\]\[a\]\(/)
    assert.match(text, /- ``a `tick` b``\n- `\]\(command:evil\)`/)
  })
})

describe('markdown', () => {
  const plains: [string, string][] = [
    ['a *b* _c_', 'a \\*b\\* \\_c\\_'],
    ['<script>&amp;', '&lt;script&gt;&amp;amp;'],
    ['two\n\n# lines', 'two \\# lines'],
    ['https://x.y', 'https\\://x\\.y'],
    ['a@b.c', 'a\\@b\\.c'],
    ['back\\slash', 'back\\\\slash'],
  ]
  for (const [text, expected] of plains) it(`plain ${JSON.stringify(text)}`, () => assert.equal(plain(text), expected))

  it('a link cannot be ended from within', () => {
    const link = commandLink('x](y', 'loco.explainCode', ') [evil](command:evil)')
    assert.match(link, /^\[x\\\]\\\(y\]\(command:loco\.explainCode\?[^()\s]+\)$/)
  })

  it('code takes ticks', () => assert.deepEqual([code('a'), code('`a`'), code('a``b')], ['`a`', '`` `a` ``', '```a``b```']))
})
