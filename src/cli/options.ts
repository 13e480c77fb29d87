import { t } from '@vscode/l10n'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** How a command answers: `text` for a person, `json` for a program (docs/cli.md). */
export type Output = 'text' | 'json'

export interface OutputOptions {
  output: Output
}

/** Which fleet a command speaks of. */
export interface FleetOptions extends OutputOptions {
  context?: string
  namespace: string
  release: string
}

const outputOption = (): Option => new Option('--output <form>', t('text for a person, json for a program')).choices(['text', 'json']).default('text')

/** Adds `--output`. */
export const withOutput = (command: Command): Command => command.addOption(outputOption())

/** Adds the options that name a fleet. */
export const withFleet = (command: Command): Command =>
  withOutput(command)
    .option('--context <name>', t('context of the kubeconfig (default: a running sandbox, else the current context)'))
    .option('--namespace <name>', t('namespace of the fleet'), dnsLabel, 'loco')
    .option('--release <name>', t('Helm release of the fleet'), dnsLabel, 'loco')

/** A parser that refuses what Kubernetes would refuse as a name, before anything is asked of a cluster. */
export function dnsLabel(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(text)) return text
  throw new InvalidArgumentError(t('A name is 1 to 53 lower-case letters, digits and dashes, and begins and ends with a letter or digit.'))
}

/** A parser for whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(t`It takes a whole number from ${least} to ${most}.`)
  }
}

/** A parser for durations such as `90s`, `15m`, `1h`; gives milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+)(s|m|h)$/.exec(text)
  if (match === null) throw new InvalidArgumentError(t('It takes a number with a unit: 90s, 15m, 1h.'))
  return Number(match[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match[2] as 's' | 'm' | 'h']
}

/** Collects a repeatable option. */
export const collect = (text: string, before: string[]): string[] => [...before, text]
