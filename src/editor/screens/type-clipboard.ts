import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { LocoError } from '../../base/error.ts'
import { keyEvents, keysOfText } from '../../screen/typing.ts'
import type { Services } from '../services.ts'
import { settings } from '../settings.ts'
import type { ScreenTab } from './screen-tab.ts'

/** So many characters are typed without a question. */
const many = 200
/** Characters that a message shows before it says how many more there are. */
const shown = 10

/**
 * Types the text of the clipboard into a machine, on the keyboard layout of the settings; tells which characters that has no keys for.
 * @throws LOCO-SCR-023 when there is no text, LOCO-SCR-021, -022 when keys cannot be sent
 */
export async function typeClipboard(tab: ScreenTab, { confirm }: Services): Promise<void> {
  tab.requireKeys()
  const text = await vscode.env.clipboard.readText()
  if (text === '') throw new LocoError('LOCO-SCR-023', { what: t('The clipboard holds no text.'), fix: [t('Copy some text first.')] })
  const question = t`Type ${text.length} characters into ${tab.ref.emulator}?`
  const detail = t('What has the focus in the machine gets them. The keys that release the keyboard stop it.')
  if (text.length > many && !(await confirm({ question, detail, yes: t('Type') }))) return
  const { strokes, untypeable } = keysOfText(text, settings.screenKeyboardLayout())
  if (strokes.length > 0) tab.sendKeys(strokes.flatMap(keyEvents))
  if (untypeable.length > 0) tellLeftOut(untypeable)
}

function tellLeftOut(characters: readonly string[]): void {
  const list = characters.slice(0, shown).join(' ')
  const more = characters.length - shown
  const message =
    more > 0
      ? t`Not typed, for the keyboard layout has no keys for them: ${list} and ${more} others. (LOCO-SCR-028)`
      : t`Not typed, for the keyboard layout has no keys for them: ${list} (LOCO-SCR-028)`
  const [layout, explain] = [t('Choose Layout'), t('Explain')]
  void vscode.window.showWarningMessage(message, layout, explain).then((chosen) => {
    if (chosen === layout) void vscode.commands.executeCommand('workbench.action.openSettings', 'loco.screen.keyboardLayout')
    if (chosen === explain) void vscode.commands.executeCommand('loco.explainCode', 'LOCO-SCR-028')
  })
}
