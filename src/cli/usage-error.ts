import { t } from '@vscode/l10n'
import type { CommanderError } from 'commander'
import { LocoError } from '../base/error.ts'

/** What commander says, by its code; it names things only inside its English sentence, in quotes. */
const sentences: Record<string, (names: Names, message: string) => string> = {
  'commander.unknownCommand': ([name]) => t`Unknown command '${name}'.`,
  'commander.unknownOption': ([option]) => t`Unknown option '${option}'.`,
  'commander.missingArgument': ([name]) => t`Missing required argument '${name}'.`,
  'commander.optionMissingArgument': ([option]) => t`Option '${option}' needs an argument.`,
  'commander.missingMandatoryOptionValue': ([option]) => t`Required option '${option}' not specified.`,
  'commander.conflictingOption': ([option, other]) => t`Option '${option}' cannot be used with option '${other}'.`,
  'commander.excessArguments': (_, message) => t`Too many arguments: ${/got \d+: (.+)\.$/.exec(message)?.[1] ?? ''}.`,
}
type Names = readonly [first: string, second: string]

/** A command line that commander refuses, as an error of ours. */
export function usageError({ code, message }: CommanderError): LocoError {
  const [first = '', second = ''] = [...message.matchAll(/'([^']*)'/g)].map(([, name = '']) => name)
  const hint = /\(Did you mean (.+?)\?\)/.exec(message)?.[1]
  return new LocoError('LOCO-USE-001', {
    what:
      code === 'commander.invalidArgument' ? invalid(first, second, message) : (sentences[code]?.([first, second], message) ?? message.replace(/^error: /, '')),
    fix: [...(hint === undefined ? [] : [t`Did you mean ${hint}?`]), 'loco --help'],
  })
}

/** `option '--replicas <n>' argument 'many' is invalid. REASON`, or `command-argument value 'many' is invalid for argument 'n'. REASON`; the reason is ours, or commander's list of choices. */
function invalid(first: string, second: string, message: string): string {
  const choices = /Allowed choices are (.+)\.$/.exec(message)?.[1]
  const reason = choices === undefined ? / is invalid\. ([\s\S]*)$/.exec(message)?.[1] : t`Allowed choices are ${choices}.`
  const refused = /^error: command-argument/.test(message) ? t`Argument '${second}' does not take '${first}'.` : t`Option '${first}' does not take '${second}'.`
  return [refused, reason].join(' ').trimEnd()
}
