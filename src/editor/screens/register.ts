import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { PageCommand } from '../../contracts/screen.ts'
import { forEachOf } from '../actions/outcomes.ts'
import { chooseEmulators } from '../actions/targets.ts'
import { tellOutcomes } from '../actions/tell-outcomes.ts'
import { ContextKey } from '../context-key.ts'
import type { Services } from '../services.ts'
import type { Screens } from './screens.ts'

/** So many screens open without a question. */
const many = 9

/** Screens in tabs: opened from rows and the palette, restored after a reload. What a tab is made of is loaded with the first one. */
export function registerScreens(services: Services): Disposable {
  const scope = new Scope()
  const captured = new ContextKey<boolean>('loco.screenCaptured')
  let made: Promise<Screens> | undefined
  const screens = (): Promise<Screens> => {
    made ??= import('./screens.ts').then(({ Screens }) => scope.add(new Screens(services, captured)))
    return made
  }

  services.commands.register('openScreen', async (...args) => {
    const refs = await chooseEmulators(services.fleets, args, { placeholder: t('Which screen?'), many: true })
    if (
      refs.length > many &&
      !(await services.confirm({ question: t`Open ${refs.length} screens?`, detail: t('Each gets a tab of its own.'), yes: t('Open') }))
    )
      return
    const all = await screens()
    tellOutcomes(
      services,
      await forEachOf(
        refs,
        ({ emulator }) => emulator,
        async (ref) => all.open(ref),
      ),
    )
  })
  const onActive = (command: PageCommand | 'releaseKeys') => async (): Promise<void> => {
    const [all, { runScreenCommand }] = await Promise.all([screens(), import('./run-screen-command.ts')])
    await runScreenCommand(command, all.active, services)
  }
  services.commands.register('screen.releaseKeys', onActive('releaseKeys'))
  services.commands.register('screen.ctrlAltDelete', onActive('ctrlAltDelete'))
  services.commands.register('screen.ctrlEscape', onActive('ctrlEscape'))
  services.commands.register('screen.altTab', onActive('altTab'))
  services.commands.register('screen.typeClipboard', onActive('typeClipboard'))
  services.commands.register('screen.savePicture', onActive('savePicture'))
  services.commands.register('screen.copyPicture', onActive('copyPicture'))
  services.commands.register('screen.selectScaling', onActive('selectScaling'))
  services.commands.register('screen.toggleViewOnly', onActive('toggleViewOnly'))
  services.commands.register('screen.reconnect', onActive('reconnect'))
  scope.add(
    vscode.window.registerWebviewPanelSerializer('loco.screen', {
      deserializeWebviewPanel: async (panel, state: unknown) => (await screens()).restore(panel, state),
    }),
  )
  return scope
}
