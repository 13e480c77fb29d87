import { t } from '@vscode/l10n'
import type { YAMLError } from 'yaml'

/** What a parse error says to a person. The parser's own words stand behind it where ours would only repeat that something is wrong. */
export function syntaxWords(error: YAMLError): string {
  if (/^Implicit map key/.test(error.message)) return noColonWords()
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return t('A tab cannot indent YAML. Use blanks.')
    case 'BAD_INDENT':
      return t('The indentation fits no line above. Put this line below the key that it belongs to.')
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return noColonWords()
    case 'BAD_DQ_ESCAPE':
      return t('`\\` begins an escape in double quotes, and this one does not exist. Write `\\\\`, or use single quotes.')
    case 'BAD_SCALAR_START':
      return t('A value cannot begin with this character. Put it in quotes.')
    case 'BLOCK_IN_FLOW':
      return t('Between `{` or `[` and its end there cannot be lines of the other style. Is a bracket not closed?')
    case 'KEY_OVER_1024_CHARS':
      return t('A key is at most 1024 characters long. Is a quote not closed?')
    case 'MISSING_CHAR':
      return /quote/i.test(error.message) ? t('A quote that was opened before this place is not closed.') : t('Something is missing here: {0}', error.message)
    default:
      return t('Helm cannot read this as YAML: {0}', error.message)
  }
}

/** The commonest mistake of all. */
export const noColonWords = (): string =>
  t('Here a `:` is missing or one is too many, or the indentation is wrong: this is neither a key with its value nor the rest of the value above.')
