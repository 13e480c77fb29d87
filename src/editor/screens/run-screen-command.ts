import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { PageCommand, Scaling } from '../../contracts/screen.ts'
import type { Services } from '../services.ts'
import { chords } from './chords.ts'
import { copyPicture, savePicture } from './pictures-out.ts'
import type { ScreenTab } from './screen-tab.ts'
import { typeClipboard } from './type-clipboard.ts'

/** What can be done with a screen, from the palette, the title of the tab and the buttons of its page. */
export async function runScreenCommand(command: PageCommand | 'releaseKeys', tab: ScreenTab, services: Services): Promise<void> {
  switch (command) {
    case 'releaseKeys':
      return tab.releaseKeys()
    case 'ctrlAltDelete':
    case 'ctrlEscape':
    case 'altTab':
      return tab.sendKeys(chords[command])
    case 'typeClipboard':
      return typeClipboard(tab, services)
    case 'savePicture':
      return savePicture(tab)
    case 'copyPicture':
      return copyPicture(tab)
    case 'selectScaling':
      return selectScaling(tab)
    case 'toggleViewOnly':
      return tab.toggleViewOnly()
    case 'reconnect':
      return tab.reconnect()
  }
}

async function selectScaling(tab: ScreenTab): Promise<void> {
  const { scaling: now } = tab.options
  const items: (vscode.QuickPickItem & { scaling: Scaling })[] = [
    { scaling: 'fit', label: t('As large as fits') },
    { scaling: 'integer', label: t('The largest whole multiple that fits') },
    { scaling: 'none', label: t('One to one') },
  ]
  const marked = items.map((item) => (item.scaling === now ? { ...item, description: t('now') } : item))
  const picked = await vscode.window.showQuickPick(marked, { placeHolder: t`How the picture of ${tab.ref.emulator} fills its tab` })
  if (picked !== undefined) tab.setScaling(picked.scaling)
}
