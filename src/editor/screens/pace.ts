import type { ScreenPace } from '../../screen/pacing.ts'

export interface Looked {
  visible: boolean
  active: boolean
  windowFocused: boolean
  /** Keys go to the machine: whoever types looks, whatever the window's own idea of its focus is. */
  captured: boolean
}

/** How fast a tab is drawn: at full rate only where a person looks and works. */
export function paceOf({ visible, active, windowFocused, captured }: Looked): ScreenPace {
  if (!visible) return 'hidden'
  return captured || (active && windowFocused) ? 'focused' : 'visible'
}
