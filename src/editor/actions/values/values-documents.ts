import { readFile } from 'node:fs/promises'
import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { Disposable } from '../../../base/disposable.ts'
import { asLocoError } from '../../../base/error.ts'
import { type FleetId, fleetKey, parseFleetKey } from '../../fleets.ts'
import type { Services } from '../../services.ts'
import { withFleet } from '../reach.ts'
import { type DocumentSource, ReadOnlyDocuments } from '../read-only-documents.ts'

const scheme = 'loco-values'

/** The document with the values that a fleet runs with, or with those of the chart when there is no fleet. */
export const valuesUri = (fleet: FleetId | undefined): vscode.Uri =>
  vscode.Uri.from({ scheme, path: fleet === undefined ? '/values.yaml' : `/${fleetKey(fleet)}/values.yaml` })

/** Serves values for reading. */
export class ValuesDocuments implements DocumentSource {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  static register(services: Services): Disposable {
    return ReadOnlyDocuments.register(scheme, new ValuesDocuments(services))
  }

  async text({ path }: vscode.Uri): Promise<string> {
    const { context, fleets } = this.#services
    const defaults = await readFile(vscode.Uri.joinPath(context.extensionUri, 'helm', 'loco-chart', 'values.yaml').fsPath, 'utf8')
    const { defaultValues, deployedValues } = await import('./deployed-values.ts')
    const fleet = parseFleetKey(path.slice(1).replace(/\/?values\.yaml$/, ''))
    if (fleet === undefined) return defaultValues(defaults, t('No fleet was named.'))
    try {
      const { releaseRecord } = await import('./release-record.ts')
      const failed = t`Could not read the values of the release ${fleet.release} in namespace ${fleet.namespace}.`
      const record = await withFleet(fleets, fleet, (session) => releaseRecord(session, failed))
      if (record === undefined)
        return defaultValues(defaults, t`Helm has no record of the release ${fleet.release}, so what it was installed with is not known.`)
      return deployedValues(defaults, record, fleet.release)
    } catch (error) {
      const { message, code } = asLocoError(error)
      return defaultValues(defaults, t`What the release was installed with cannot be told. ${message} (${code})`)
    }
  }
}
