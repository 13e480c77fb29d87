import assert from 'node:assert/strict'
import { fenced, plain, reportMarkdown } from '../../../src/editor/operations/report-markdown.ts'
import { ended, finding, found, id, plan, progress, report, started, stateOf, target } from './given.ts'

describe('text of others in a report', () => {
  const rows: [string, string, string][] = [
    ['words', 'It is up.', 'It is up.'],
    ['HTML', '<img src=x onerror=alert(1)>', '&lt;img src\\=x onerror\\=alert\\(1\\)&gt;'],
    ['an entity', '&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['a link', '[here](command:workbench.action.quit)', '\\[here\\]\\(command\\:workbench.action.quit\\)'],
    ['a picture', '![x](http://a/b.png)', '\\!\\[x\\]\\(http\\://a/b.png\\)'],
    ['emphasis and code', '*a* _b_ ~c~ `d`', '\\*a\\* \\_b\\_ \\~c\\~ \\`d\\`'],
    ['a cell of a table', 'a | b', 'a \\| b'],
    ['a heading after a line break', 'a\n# b', 'a \\# b'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '1. a', '1\\. a'],
    ['a number', '35.7 s', '35.7 s'],
    ['a backslash', 'C:\\dir', 'C\\:\\\\dir'],
  ]
  for (const [name, text, expected] of rows) it(`${name} stays text`, () => assert.equal(plain(text), expected))

  it('a fence cannot be closed from inside', () => {
    assert.equal(fenced(['a', '```', '# b']), '````text\na\n```\n# b\n````')
  })
})

describe('the report page', () => {
  it('says outcome, target, steps with their time, findings with fix and evidence, what is gone, kept and next', () => {
    const state = stateOf(
      { ...plan, operation: 'destroy', losses: ['claim disk-0 (10Gi)'] },
      started('build'),
      ended('build', 'done', 'It was built.'),
      ended('install', 'failed', 'It was refused.'),
      {
        ...report,
        operation: 'destroy',
        outcome: 'failed',
        exit: 59,
        sentence: 'It did not succeed.',
        findings: [finding],
        gone: ['release loco'],
        kept: ['disk'],
      },
    )
    assert.equal(
      reportMarkdown({ id, state, standing: 'failed' }),
      `# Destroy loco on loco-sandbox

**Failed.** It did not succeed.

| | |
|---|---|
| Cluster | loco-sandbox \\(native\\) |
| Server | https\\://127.0.0.1\\:6443 |
| Namespace | loco |
| Release | loco |
| Begun | 2026-11-25 00\\:57\\:14 UTC |
| Took | 1 min 23 s |
| Exit code | 59 |
| Operation | ${id} |

## Findings

### Not enough memory on the nodes (LOCO-SCH-002)

instance-0 asks for more memory than the node has.

It holds for: instance-0, instance-1

What to do:

- Lower emulator.memoryMiB.

What was said:

\`\`\`text
0/1 nodes are available: 1 Insufficient memory.
\`\`\`

## Steps

| | Step | Time | What was found or made |
|---|---|---:|---|
| ✓ | Build the image | 1.5 s | It was built. |
| ✗ | Install the release | 1.5 s | It was refused. |

## Lost for good

- claim disk-0 \\(10Gi\\)

## Gone

- release loco

## Kept

- disk

## Next

- loco status`,
    )
  })

  it('of an operation that runs says how far it is', () => {
    const page = reportMarkdown({ id, state: stateOf(plan, started('build'), progress('build', 'Layer 3.'), found('build')), standing: 'running' })
    assert.match(page, /\*\*Running\.\*\* It has not ended yet/)
    assert.match(page, /\| … \| Build the image \| {2}\| Layer 3\. \|/)
    assert.match(page, /\| · \| Install the release \| {2}\| It waits\. \|/)
    assert.match(page, /### Not enough memory/)
  })

  it('of one whose process is gone claims nothing of its steps', () => {
    const page = reportMarkdown({ id, state: stateOf(plan, started('build')), standing: 'interrupted' })
    assert.match(page, /\*\*Interrupted\.\*\* Its process is gone/)
    assert.match(page, /Build the image \| {2}\| Not known\./)
  })

  it('a context with markup in its name is shown as it is written', () => {
    const page = reportMarkdown({ id, state: stateOf({ ...plan, target: { ...target, context: '<b>[x](y)|' } }), standing: 'running' })
    assert.ok(page.includes('&lt;b&gt;\\[x\\]\\(y\\)\\|'), page)
  })
})
