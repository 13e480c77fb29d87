import * as vscode from 'vscode'
import type { Event } from '../base/emitter.ts'
import type { Severity } from '../values/types.ts'

/** The settings of package.json, read when asked, so that a change counts at once. One getter each; docs/user-guide.md lists them. */
export const settings = {
  kubeconfig: (): readonly string[] => read('kubeconfig', []),
  namespace: (scope?: vscode.ConfigurationScope): string => read('namespace', 'loco', scope),
  release: (scope?: vscode.ConfigurationScope): string => read('release', 'loco', scope),
  cluster: (): 'auto' | 'native' | 'minikube' | 'kind' | 'k3d' | 'current' => read('cluster', 'auto'),
  values: (scope?: vscode.ConfigurationScope): readonly string[] => read('values', [], scope),
  valuesLanguageFeatures: (scope?: vscode.ConfigurationScope): 'auto' | 'loco' | 'redhat' => read('valuesLanguage.features', 'auto', scope),
  valuesLanguageSeverity: (scope?: vscode.ConfigurationScope): Readonly<Record<string, Severity | 'off'>> => read('valuesLanguage.severity', {}, scope),
  valuesLanguageInheritedDefaults: (scope?: vscode.ConfigurationScope): boolean => read('valuesLanguage.inheritedDefaults', false, scope),
  valuesLanguageCharts: (scope?: vscode.ConfigurationScope): readonly string[] => read('valuesLanguage.charts', [], scope),
  helmPath: (): string => read('helm.path', ''),
  confirm: (): 'always' | 'losses' => read('confirm', 'always'),
  fleetSortBy: (): 'ordinal' | 'verdict' => read('fleet.sortBy', 'ordinal'),
  fleetPictureInHover: (): boolean => read('fleet.pictureInHover', true),
  fleetWatch: (): 'always' | 'whileVisible' => read('fleet.watch', 'always'),
  statusBar: (): boolean => read('statusBar', true),
  logsTailLines: (): number => read('logs.tailLines', 1000),
  screenScaling: (): 'none' | 'fit' | 'integer' => read('screen.scaling', 'fit'),
  screenViewOnly: (): boolean => read('screen.viewOnly', false),
  screenFrameRate: (): number => read('screen.frameRate', 30),
  screenUnfocusedFrameRate: (): number => read('screen.unfocusedFrameRate', 5),
  screenDisconnectAfter: (): number => read('screen.disconnectAfter', 5),
  screenKeyboardLayout: (): 'us' | 'gb' | 'de' | 'fr' => read('screen.keyboardLayout', 'us'),
  screenReleaseChord: (): 'ctrl+alt' | 'ctrl+shift' | 'rightctrl' => read('screen.releaseChord', 'ctrl+alt'),
  screenMeter: (): boolean => read('screen.meter', true),
} as const

function read<T>(name: string, fallback: T, scope?: vscode.ConfigurationScope): T {
  return vscode.workspace.getConfiguration('loco', scope).get<T>(name, fallback)
}

/** Fires when one of these settings (names without `loco.`) was changed. */
export const onSettings =
  (...names: string[]): Event<void> =>
  (listener) =>
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (names.some((name) => change.affectsConfiguration(`loco.${name}`))) listener()
    })
