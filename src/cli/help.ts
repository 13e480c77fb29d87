import { t } from '@vscode/l10n'
import type { HelpConfiguration, Option } from 'commander'

const titles: Record<string, () => string> = {
  'Usage:': () => t('Usage:'),
  'Arguments:': () => t('Arguments:'),
  'Options:': () => t('Options:'),
  'Commands:': () => t('Commands:'),
}

/** The words that commander itself puts into a help page, in the person's language. */
export const help: HelpConfiguration = {
  styleTitle: (title) => titles[title]?.() ?? title,
  optionDescription: (option) => [option.description, ...notes(option)].join(' '),
}

function notes({ argChoices, defaultValue, defaultValueDescription, required, optional }: Option): string[] {
  // A flag is off unless given, and a list is empty: nothing worth telling.
  const takesValue = required || optional
  const standard = defaultValueDescription ?? (takesValue && typeof defaultValue !== 'object' && defaultValue !== undefined ? String(defaultValue) : undefined)
  const choices = argChoices?.join(', ')
  if (choices === undefined) return standard === undefined ? [] : [t`(default: ${standard})`]
  return [standard === undefined ? t`(choices: ${choices})` : t`(choices: ${choices}; default: ${standard})`]
}
