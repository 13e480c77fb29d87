import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { PlanEvent } from '../../contracts/operation.ts'
import type { RebuildOptions } from '../../operations/options.ts'
import { operationTitle } from './title.ts'

export type BaseChoice = NonNullable<RebuildOptions['base']>

/** Asks what becomes of machines whose base disk changed, or may have; undefined when the person chose nothing. */
export async function chooseBase({ operation, target, baseDisk }: PlanEvent): Promise<BaseChoice | undefined> {
  const names = baseDisk?.emulators.join(', ') ?? ''
  const items: readonly (vscode.QuickPickItem & { choice: BaseChoice })[] = [
    {
      choice: 'keep',
      label: t('Keep what the guests wrote'),
      detail: t`It stops before it touches ${names}, if the base disk is another one; they stay on the earlier image.`,
    },
    {
      choice: 'fresh',
      label: t('Begin with fresh overlays'),
      detail: t`What the guests of ${names} wrote is lost to them; the old overlays are kept aside on their claims.`,
    },
  ]
  const picked = await vscode.window.showQuickPick(items, {
    title: operationTitle(operation, target),
    placeHolder:
      baseDisk?.certain === true
        ? t`The new image has another base disk than that over which ${names} wrote.`
        : t`The image to be built may have another base disk than that over which ${names} wrote.`,
    ignoreFocusOut: true,
  })
  return picked?.choice
}
