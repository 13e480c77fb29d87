import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { ContextKey } from '../context-key.ts'
import type { Services } from '../services.ts'
import { Places } from './places.ts'
import { registerPreview } from './preview/register-preview.ts'
import { YamlExtension } from './yaml-extension.ts'

/**
 * Help in values files. Until the first of ours is opened there is only the question whether a document is one; the engine, and everything that VS Code asks
 * of it, comes with that one.
 */
export function registerValues(services: Services): Disposable {
  const scope = new Scope()
  const places = scope.add(new Places(services.context))
  const yaml = scope.add(new YamlExtension(places, services.log))
  scope.add(registerPreview(services, places))
  const inFront = new ContextKey<boolean>('loco.valuesEditor')
  let begun = false
  const look = (document: vscode.TextDocument): void => {
    if (begun || places.of(document) === undefined) return
    begun = true
    void import('./values.ts').then(({ startValues }) => scope.add(startValues(services, places, yaml)))
  }
  const lookAll = (): void => {
    for (const document of vscode.workspace.textDocuments) look(document)
    const front = vscode.window.activeTextEditor?.document
    const place = front && places.of(front)
    inFront.set(place !== undefined && place.role !== 'template')
  }
  scope.add(vscode.workspace.onDidOpenTextDocument(look))
  scope.add(vscode.window.onDidChangeActiveTextEditor(lookAll))
  scope.add(places.changes(lookAll))
  lookAll()
  return scope
}
