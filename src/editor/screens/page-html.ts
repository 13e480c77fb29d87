import type { PageBoot } from '../../contracts/screen.ts'

export interface PageParts {
  /** Fresh for each page. */
  readonly nonce: string
  /** The whole texts, part of the document: what a page fetches goes through a worker and the window first, which takes longer than the page itself. */
  readonly script: string
  readonly style: string
  /** As in `<html lang>`. */
  readonly language: string
  readonly boot: PageBoot
  /** The last known picture as PNG: part of the document, so that it is seen before the first line of script runs. */
  readonly picture?: Uint8Array | undefined
}

/**
 * The document of a screen tab, whole: nothing is fetched. It holds no text of ours: the page draws itself from the boot data. Pictures may only come as `data:` (JPEG rectangles and
 * the cursor of noVNC), and nothing may be fetched or connected to.
 */
export function pageHtml({ nonce, script, style, language, boot, picture }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data:`
  const last = picture === undefined ? '' : `<img id="last" alt="" src="data:image/png;base64,${Buffer.from(picture).toString('base64')}">\n`
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${style.replaceAll('</', '<\\/')}</style>
</head>
<body>
${last}<script type="application/json" id="boot" nonce="${nonce}">${json(boot)}</script>
<script nonce="${nonce}">${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`
}

/** JSON that cannot end the script element it stands in. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
