import { t } from '@vscode/l10n'
import type { ReleaseChord, ScreenOptions, ShownState } from '../../src/contracts/screen.ts'

export interface StatusState {
  readonly options: ScreenOptions
  readonly state: ShownState
  /** Keys go to the machine. */
  readonly captured: boolean
  /** Text is being typed for the person. */
  readonly typing: boolean
}

/** The words for a state; the release chord is always in them while the machine can take keys. Why a picture is not live stands over the picture (notice.ts). */
export function statusWords({ options, state, captured, typing }: StatusState): string {
  const chord = chordNames()[options.releaseChord]
  if (state.phase !== 'live') return outlook()[state.phase]
  if (options.viewOnly) return t('View only: keys and pointer stay here.')
  if (typing) return t`Typing into the machine. ${chord} stops it.`
  return captured ? t`Keys go to the machine. ${chord} gives them back.` : t`Click the picture to type into the machine. ${chord} gives the keys back.`
}

const chordNames = (): Record<ReleaseChord, string> => ({ 'ctrl+alt': t('Ctrl+Alt'), 'ctrl+shift': t('Ctrl+Shift'), rightctrl: t('Right Ctrl') })

const outlook = (): Record<Exclude<ShownState['phase'], 'live'>, string> => ({
  waiting: t('Not live. It comes back by itself.'),
  connecting: t('Connecting.'),
  paused: t('Paused.'),
  refused: t('Not live. It is not tried again by itself.'),
})
