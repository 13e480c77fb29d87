import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config, t } from '@vscode/l10n'
import { languagesOf, speakLanguageOf } from '../../../src/cli/language.ts'

describe('the language of the terminal', () => {
  const cases: [env: NodeJS.ProcessEnv, languages: string[]][] = [
    [{}, []],
    [{ LANG: 'C.UTF-8' }, []],
    [{ LANG: 'POSIX' }, []],
    [{ LANG: 'en_GB.UTF-8' }, []],
    [{ LANG: 'de_DE.UTF-8' }, ['de-de', 'de']],
    [{ LANG: 'de_DE@euro' }, ['de-de', 'de']],
    [{ LANG: 'fr' }, ['fr']],
    [{ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'pt_BR.UTF-8' }, ['pt-br', 'pt']],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, []],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: '' }, ['de-de', 'de']],
    [{ LC_ALL: 'de', LOCO_LANGUAGE: 'qps-ploc' }, ['qps-ploc', 'qps']],
    [{ LC_ALL: '../../etc/passwd' }, []],
  ]
  for (const [env, languages] of cases) it(`${JSON.stringify(env)} → ${languages.join(', ') || 'English'}`, () => assert.deepEqual(languagesOf(env), languages))

  describe('its texts', () => {
    let folder: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'loco-l10n-'))
      writeFileSync(join(folder, 'bundle.l10n.de.json'), JSON.stringify({ 'Nothing was changed.': 'Es wurde nichts verändert.' }))
      writeFileSync(join(folder, 'bundle.l10n.fr.json'), 'no JSON')
    })
    afterEach(() => config({ contents: {} }))
    after(() => rmSync(folder, { recursive: true }))

    const told: [language: string, text: string][] = [
      ['de_AT.UTF-8', 'Es wurde nichts verändert.'],
      ['it', 'Nothing was changed.'],
      ['fr', 'Nothing was changed.'],
    ]
    for (const [language, text] of told)
      it(`${language}: ${text}`, () => {
        speakLanguageOf({ LANG: language }, folder)
        assert.equal(t('Nothing was changed.'), text)
      })
  })
})
