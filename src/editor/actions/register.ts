import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { Services } from '../services.ts'
import { copyFix, copyName } from './copy.ts'
import { DescribeDocuments, describeUri } from './describe/describe-documents.ts'
import { explainCode, registerCodeDocuments } from './explain-code.ts'
import { Logs } from './logs/logs.ts'
import { forEachOf } from './outcomes.ts'
import { pickContainer } from './pick-container.ts'
import { restart } from './restart/restart.ts'
import { chooseEmulators, namesOf } from './targets.ts'
import { tellOutcomes } from './tell-outcomes.ts'
import { openTerminal } from './terminal/open-terminal.ts'
import { openValues } from './values/open-values.ts'
import { ValuesDocuments } from './values/values-documents.ts'

/** What a person does to emulators: one or many, from a row, a selection or the palette, with a result for each. */
export function registerActions(services: Services): Disposable {
  const { commands } = services
  const scope = new Scope()
  const logs = scope.add(new Logs(services))
  scope.add(new DescribeDocuments(services.fleets))
  scope.add(ValuesDocuments.register(services))
  scope.add(registerCodeDocuments())

  const onEach = async (args: readonly unknown[], placeholder: string, work: (ref: EmulatorRef, only: boolean) => Promise<void>): Promise<void> => {
    const refs = await chooseEmulators(services.fleets, args, { placeholder, many: true })
    tellOutcomes(services, await forEachOf(refs, namesOf(refs), (ref) => work(ref, refs.length === 1)))
  }
  const show = (previous: boolean, args: readonly unknown[], placeholder: string): Promise<void> =>
    onEach(args, placeholder, async (ref, only) => {
      const picked = await pickContainer(services, ref, args, { ask: only, placeholder: t('The log of which container?') })
      if (picked !== undefined) await logs.show({ ref, ...picked, previous })
    })

  commands.register('showLogs', (...args) => show(false, args, t('Show the logs of which emulators?')))
  commands.register('showPreviousLogs', (...args) => show(true, args, t('Show the previous logs of which emulators?')))
  commands.register('openWholeLog', (...args) =>
    onEach(args, t('Open the whole logs of which emulators?'), async (ref, only) => {
      const picked = await pickContainer(services, ref, args, { ask: only, placeholder: t('The log of which container?') })
      if (picked !== undefined) await logs.openWhole({ ref, ...picked, previous: false })
    }),
  )
  commands.register('openTerminal', (...args) =>
    onEach(args, t('Open a terminal in the pods of which emulators?'), async (ref, only) => {
      const picked = await pickContainer(services, ref, args, { ask: only, placeholder: t('A terminal in which container?') })
      if (picked !== undefined) await openTerminal(services, ref, picked.container)
    }),
  )
  commands.register('describe', (...args) =>
    onEach(args, t('Describe which emulators?'), async (ref) => {
      await vscode.window.showTextDocument(describeUri(ref), { preview: false })
    }),
  )
  commands.register('restart', (...args) => restart(services, args))
  commands.register('copyName', (...args) => copyName(services, args))
  commands.register('copyFix', (...args) => copyFix(services, args))
  commands.register('explainCode', (...args) => explainCode(args), { untrusted: true })
  commands.register('openValues', (...args) => openValues(services, args))
  return scope
}
