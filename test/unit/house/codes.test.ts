import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '../../../src/base/codes.ts'
import { codesPage } from '../../../src/base/codes-page.ts'
import { packageRoot } from '../../../src/base/package-root.ts'

const root = packageRoot()

describe('codes', () => {
  it('docs/codes.md explains exactly the codes that exist (npm run docs writes it)', () => {
    assert.equal(readFileSync(join(root, 'docs', 'codes.md'), 'utf8'), codesPage(codes))
  })

  for (const [code, { exit, title, explain }] of Object.entries(codes)) {
    it(`${code} has a form, an exit code and words`, () => {
      assert.match(code, /^LOCO-(?:[A-Z]{2,3}-\d{3}|(?:VA|ST)-\d{2})$/)
      assert.ok(exit === 2 || exit === 130 || (exit >= 10 && exit <= 89), `exit ${exit}`)
      assert.ok(title.length > 3 && !title.endsWith('.'), title)
      assert.match(explain, /[.)`]$/)
    })
  }

  it('every code in the sources exists', () => {
    const files = ['src', 'containers'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(root, folder, name)),
    )
    const used = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/LOCO-(?:(?:VA|ST)-\d{2}(?!\d)|[A-Z]{2,3}-\d{3})/g) ?? []))
    assert.deepEqual(
      [...used].filter((code) => !(code in codes)),
      [],
    )
  })

  it('every code is used somewhere', () => {
    const text = ['src', 'containers']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts') && !name.startsWith('base/codes/'))
          .map((name) => readFileSync(join(root, folder, name), 'utf8')),
      )
      .join('\n')
    assert.deepEqual(
      Object.keys(codes).filter((code) => !text.includes(code)),
      [],
    )
  })
})
