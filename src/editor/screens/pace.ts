import type { ScreenPace } from '../../screen/pacing.ts'

/** How fast a tab is drawn: at full rate only where a person looks and works. */
export function paceOf({ visible, active, windowFocused }: { visible: boolean; active: boolean; windowFocused: boolean }): ScreenPace {
  if (!visible) return 'hidden'
  return active && windowFocused ? 'focused' : 'visible'
}
