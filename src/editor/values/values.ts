import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { eachSession } from '../connection/each-session.ts'
import type { FleetSession } from '../fleets.ts'
import type { Services } from '../services.ts'
import { settings } from '../settings.ts'
import { ValuesDiagnostics } from './diagnostics.ts'
import { ValuesLanguage } from './language.ts'
import { LiveFacts } from './live-facts.ts'
import type { Places } from './places.ts'
import { Providers } from './providers.ts'
import { ValuesStatus } from './status.ts'
import type { YamlExtension } from './yaml-extension.ts'

/** Starts the engine and all that shows what it knows. */
export function startValues({ fleets, log }: Services, places: Places, yaml: YamlExtension): Disposable {
  const scope = new Scope()
  const facts = scope.add(
    new LiveFacts({
      session: () => likelyFleet(fleets.sessions),
      async read({ client, id }, signal) {
        const { readClusterFacts } = await import('../../cluster/facts/read.ts')
        return readClusterFacts(client, { namespace: id.namespace, release: id.release, signal })
      },
      log,
    }),
  )
  scope.add(fleets.changes(() => facts.fleetsChanged()))
  const language = scope.add(new ValuesLanguage({ places, facts }))
  scope.add(
    eachSession(fleets, ({ objects }) =>
      objects.changes(() => {
        const isSeen = vscode.window.visibleTextEditors.some(({ document }) => places.of(document) !== undefined)
        if (isSeen) facts.clusterChanged()
      }),
    ),
  )
  scope.add(new Providers(language, yaml))
  scope.add(new ValuesDiagnostics({ language, yaml, log }))
  scope.add(new ValuesStatus({ places, language, yaml }))
  return scope
}

/** The fleet that Bootstrap would speak of, by its settings; else the first that is connected. */
export function likelyFleet(sessions: readonly FleetSession[]): FleetSession | undefined {
  return sessions.find(({ id }) => id.namespace === settings.namespace() && id.release === settings.release()) ?? sessions[0]
}
