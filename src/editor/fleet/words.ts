import { t } from '@vscode/l10n'
import type { LocoError } from '../../base/error.ts'
import type { Stage } from '../../contracts/fleet.ts'
import type { AccessAttribute } from '../../kube/access.ts'
import { type ConnectionState, loginError } from '../connection/state.ts'

/** A moment (ISO) as a person reads it: the hour of the day, for what is shown while it happens. */
export type TimeWords = (iso: string) => string

/** Times in the language of the editor and the time zone of this machine: with seconds, or with the day, where that is asked for. */
export function timeWords(language: string, style: 'short' | 'seconds' | 'day' = 'short'): TimeWords {
  let format: Intl.DateTimeFormat | undefined // made when it is first needed: it takes long
  return (iso) => {
    format ??= new Intl.DateTimeFormat(
      language,
      style === 'day' ? { dateStyle: 'medium', timeStyle: 'short' } : { timeStyle: style === 'short' ? 'short' : 'medium' },
    )
    return format.format(new Date(iso))
  }
}

/** How far a guest got, in one word. */
export function stageWords(stage: Stage): string {
  switch (stage) {
    case 'P0':
      return t('process')
    case 'P1':
      return t('running')
    case 'P2':
      return t('picture')
    case 'P3':
      return t('desktop')
    case 'P4':
      return t('network')
    case 'P5':
      return t('game')
  }
}

/** How fresh a connection is, in few words. */
export function connectionWords(state: ConnectionState, time: TimeWords): string {
  switch (state.state) {
    case 'connecting':
      return t('connecting')
    case 'live':
      return t('live')
    case 'stale':
      return t`stale since ${time(state.since)}`
    case 'unreachable':
      return loginError(state) !== undefined ? t('login failed') : t`cannot be reached since ${time(state.since)}`
    case 'denied': {
      const [missing] = state.missing
      return missing === undefined ? t('denied') : t`denied: ${rightWords(missing)}`
    }
    case 'unusable':
      return t('cannot be used')
  }
}

/** A right as Kubernetes names it: `list pods in loco`. */
export function rightWords({ verb = '', resource = '', subresource, namespace }: AccessAttribute): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`
  return namespace === undefined ? `${verb} ${what}` : t`${verb} ${what} in ${namespace}`
}

/** One sentence about a connection that is not live, with the reason; undefined for one that is, or comes up. */
export function connectionSentence(context: string, state: ConnectionState, time: TimeWords): string | undefined {
  switch (state.state) {
    case 'live':
    case 'connecting':
      return undefined
    case 'stale':
      return t`The connection to ${context} is lost and is being renewed; what is shown is as of ${time(state.since)}. ${reasonOf(state.error)} (${state.error.code})`
    case 'unreachable':
      return loginError(state) !== undefined
        ? t`Logging in to ${context} failed. ${reasonOf(state.error)} (${state.error.code})`
        : t`The cluster of ${context} cannot be reached. ${reasonOf(state.error)} (${state.error.code})`
    case 'denied':
      return state.missing.length === 0
        ? t`The cluster of ${context} refuses this account. ${reasonOf(state.error)} (${state.error.code})`
        : t`This account lacks a right on ${context}: ${state.missing.map(rightWords).join(', ')}. (${state.error.code})`
    case 'unusable':
      return `${state.error.message} (${state.error.code})`
  }
}

/** Why, without what was being done: that is known where this is shown. */
const reasonOf = ({ what, why = what }: LocoError): string => why
