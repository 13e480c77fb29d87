import type { CodeEntry } from './entry.ts'

/** What the tab that shows a screen can say (LOCO-SCR-02x). */
export const screenTabCodes = {
  'LOCO-SCR-020': {
    exit: 75,
    title: 'No screen is open in front',
    explain: 'The command works on the screen tab that is in front, and there is none. Open one from the Fleet view or with `Loco: Open Screen`.',
  },
  'LOCO-SCR-021': {
    exit: 73,
    title: 'The screen is not connected',
    explain: 'Keys can only be sent while the picture is live. The tab says why it is not, and comes back by itself.',
  },
  'LOCO-SCR-022': {
    exit: 71,
    title: 'The screen is view only',
    explain: 'This tab sends neither keys nor pointer, by `loco.screen.viewOnly` or by the button of the tab. `Loco: Screen: Toggle View Only` changes it.',
  },
  'LOCO-SCR-023': {
    exit: 75,
    title: 'There is nothing to type',
    explain: 'The clipboard holds no text that could be typed into the machine. Copy some text first; pictures and files cannot be typed.',
  },
  'LOCO-SCR-024': {
    exit: 75,
    title: 'There is no picture yet',
    explain: 'The screen of this machine was never seen, so there is nothing to save or copy. Wait until the tab shows a picture.',
  },
  'LOCO-SCR-025': {
    exit: 77,
    title: 'The clipboard does not take the picture',
    explain:
      'The browser part of the editor did not let the page write a picture to the clipboard: the tab has to be in front and to have the focus, and some browsers forbid it altogether. `Loco: Screen: Save Picture…` always works.',
  },
  'LOCO-SCR-026': {
    exit: 76,
    title: 'The picture cannot be drawn',
    explain:
      'The viewer in the tab gave up several times on what the machine sent, so it is not tried again by itself. What runs in the pod may not be a healthy QEMU; the output of Loco Cluster has the reasons. `Loco: Screen: Reconnect` tries again.',
  },
  'LOCO-SCR-027': {
    exit: 75,
    title: 'The fleet has no such emulator',
    explain: 'The fleet was made smaller, or the emulator never was in it. The tab waits: when the fleet grows again its screen comes back.',
  },
  'LOCO-SCR-028': {
    exit: 78,
    title: 'Some characters were not typed',
    explain:
      'The keyboard layout in `loco.screen.keyboardLayout` has no keys for them, so they were left out and the rest was typed. Choose the layout that the guest uses.',
  },
} as const satisfies Record<string, CodeEntry>
