import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { LocoError } from '../../base/error.ts'
import type { ScreenTab } from './screen-tab.ts'

/** Saves the picture of a tab where the person says. @throws LOCO-SCR-024 when there is none */
export async function savePicture(tab: ScreenTab): Promise<void> {
  // Taken before the dialog: the picture that the person saw when deciding.
  const png = await tab.picture()
  if (png === undefined) throw noPicture(tab)
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const name = `${tab.ref.emulator}.png`
  const file = await vscode.window.showSaveDialog({
    title: t`Save the picture of ${tab.ref.emulator}`,
    filters: { [t('PNG picture')]: ['png'] },
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  })
  if (file !== undefined) await vscode.workspace.fs.writeFile(file, png)
}

/** Copies the picture of a tab to the clipboard. @throws LOCO-SCR-024 when there is none, LOCO-SCR-025 when the clipboard does not take it */
export async function copyPicture(tab: ScreenTab): Promise<void> {
  if ((await tab.picture()) === undefined) throw noPicture(tab)
  const problem = await tab.copyPicture()
  if (problem === undefined) return void vscode.window.setStatusBarMessage(t`The picture of ${tab.ref.emulator} is on the clipboard.`, 4000)
  throw new LocoError('LOCO-SCR-025', {
    what: t('The clipboard did not take the picture.'),
    fix: [t('Click the picture, then try again.'), t('Run the command Loco: Screen: Save Picture….')],
    evidence: [problem],
  })
}

function noPicture({ ref: { emulator } }: ScreenTab): LocoError {
  return new LocoError('LOCO-SCR-024', { what: t`There is no picture of ${emulator} yet.`, fix: [t('Wait until the tab shows the screen.')] })
}
