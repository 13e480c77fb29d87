import assert from 'node:assert/strict'
import type { PageBoot } from '../../../src/contracts/screen.ts'
import { pageHtml } from '../../../src/editor/screens/page-html.ts'

const boot: PageBoot = {
  saved: { fleet: 'a/b/c', emulator: '</script><img src=x onerror=alert(1)>' },
  options: { scaling: 'fit', viewOnly: false, releaseChord: 'ctrl+alt', meter: true },
}
const html = pageHtml({ nonce: 'N0nce', script: 'say("</script><b>")', style: 'p::after { content: "</style><b>" }', language: 'de', boot })

describe('document of a screen tab', () => {
  it('allows scripts and styles with the nonce, pictures as data, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]
    assert.equal(policy, "default-src 'none'; script-src 'nonce-N0nce'; style-src 'nonce-N0nce'; img-src data:")
  })

  it('has no script or style without the nonce, and no style attribute', () => {
    const bare = [...html.matchAll(/<(script|link|style)\b([^>]*)>/g)].filter(([, , attributes]) => !attributes?.includes('nonce="N0nce"'))
    assert.deepEqual(bare, [])
    assert.doesNotMatch(html, /\sstyle=/)
  })

  it('holds the last picture, so that it is seen before any script runs', () => {
    const picture = Buffer.from('a picture')
    const withPicture = pageHtml({ nonce: 'N0nce', script: '', style: '', language: 'de', boot, picture })
    const image = /<img id="last" alt="" src="data:image\/png;base64,([^"]+)">/.exec(withPicture)
    assert.equal(Buffer.from(image?.[1] ?? '', 'base64').toString(), 'a picture')
    assert.ok((image?.index ?? 0) < withPicture.indexOf('<script'))
  })

  it('is whole: nothing is fetched, and nothing in script or style ends its element', () => {
    assert.doesNotMatch(html, /<(?:script|link|img)[^>]*\s(?:src|href)=/)
    assert.deepEqual(
      [...html.matchAll(/<\/(script|style)>/g)].map(([, name]) => name),
      ['style', 'script', 'script'],
    )
  })

  it('names with markup stay data', () => {
    assert.doesNotMatch(html, /<img/)
    const json = /<script type="application\/json"[^>]*>(.*)<\/script>/.exec(html)?.[1] ?? ''
    assert.deepEqual(JSON.parse(json), boot)
  })
})
