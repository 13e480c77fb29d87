import * as l10n from '@vscode/l10n'
import type { PageBoot } from '../../src/contracts/screen.ts'
import { onTold, tell } from './host.ts'
import { ScreenPage } from './screen-page.ts'

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '') as PageBoot
if (boot.texts !== undefined) l10n.config({ contents: boot.texts as Record<string, string> })
const page = new ScreenPage(boot)
onTold((message) => page.hear(message))
tell({ type: 'ready' })
