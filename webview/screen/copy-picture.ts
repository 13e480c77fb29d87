import { t } from '@vscode/l10n'

/** Milliseconds to wait for the focus: after a command of the palette the page gets it back a moment later. */
const patience = 2000

/** Puts a picture on the clipboard. @returns why it did not work, in the browser's words; undefined when it did */
export async function copyPicture(png: Uint8Array<ArrayBuffer> | undefined): Promise<string | undefined> {
  if (png === undefined) return t('There is no picture.')
  try {
    await focused()
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([png], { type: 'image/png' }) })])
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Browsers let only a page with the focus write to the clipboard. */
async function focused(): Promise<void> {
  if (document.hasFocus()) return
  window.focus()
  if (document.hasFocus()) return
  await new Promise<void>((resolve) => {
    window.addEventListener('focus', () => resolve(), { once: true })
    setTimeout(resolve, patience)
  })
}
