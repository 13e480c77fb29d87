import type { SavedTab, ScreenOptions } from '../../contracts/screen.ts'
import { settings } from '../settings.ts'

/** Settings that change what a page shows. */
export const optionSettings = ['screen.scaling', 'screen.viewOnly', 'screen.releaseChord', 'screen.meter'] as const
/** Settings that change how a screen is asked for. */
export const pacingSettings = ['screen.frameRate', 'screen.unfocusedFrameRate', 'screen.disconnectAfter'] as const

/** What a tab obeys now: what was chosen in it, else the settings. */
export function optionsOf({ scaling, viewOnly }: SavedTab): ScreenOptions {
  return {
    scaling: scaling ?? settings.screenScaling(),
    viewOnly: viewOnly ?? settings.screenViewOnly(),
    releaseChord: settings.screenReleaseChord(),
    meter: settings.screenMeter(),
  }
}

/** How a screen is asked for, by the settings. */
export const pacingOf = (): { focusedRate: number; visibleRate: number; disconnectAfterMs: number } => ({
  focusedRate: settings.screenFrameRate(),
  visibleRate: settings.screenUnfocusedFrameRate(),
  disconnectAfterMs: settings.screenDisconnectAfter() * 60_000,
})
