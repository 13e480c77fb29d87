import { join } from 'node:path'
import { t } from '@vscode/l10n'
import type { RenderedObject } from '../chart/manifest.ts'
import { emulatorId, emulatorName } from '../contracts/names.ts'
import { foldersBy } from './bootstrap.ts'
import type { BootstrapOptions } from './options.ts'
import type { PodFacts, Site } from './ports.ts'
import { bootstrapValues, replicasIn } from './release-values.ts'

/** What a plan of a Bootstrap warns of: emulators that run now and would not after it. Reads the cluster, renders the chart, changes nothing. */
export async function bootstrapWarnings(site: Site, options: BootstrapOptions, chart: string, signal: AbortSignal): Promise<string[]> {
  const { cluster, helm, target } = site
  if ((await cluster.namespace()) === undefined) return []
  const pods = await cluster.pods()
  if (pods.length === 0) return []
  const values = bootstrapValues({
    overlay: target.provider === 'native' ? join(chart, 'values-native.yaml') : undefined,
    imageRef: undefined,
    kvm: false,
    folders: foldersBy(site),
    installed: (await helm.release({ release: target.release, namespace: target.namespace, signal }))?.values,
    files: options.values,
    storage: options.storage,
    replicas: options.replicas,
  })
  const objects = await helm.render({ chart, release: target.release, namespace: target.namespace, values, set: options.set, signal })
  const claims = await cluster.claims()
  return scaledDown(pods, objects, emulatorName(target.release), claims.length > 0)
}

/** The warning about emulators that go, with what becomes of their disks; none when all stay. Pure. */
export function scaledDown(pods: readonly Pick<PodFacts, 'ordinal'>[], objects: readonly RenderedObject[], statefulSet: string, claims: boolean): string[] {
  const wanted = replicasIn(objects, statefulSet)
  const going = pods.filter(({ ordinal }) => ordinal >= wanted)
  if (going.length === 0) return []
  const names = going.map(({ ordinal }) => emulatorId(ordinal)).join(', ')
  const set = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === statefulSet)
  const retention = set?.spec?.['persistentVolumeClaimRetentionPolicy'] as { whenScaled?: string } | undefined
  const numbers = t`Emulators now: ${pods.length}, afterwards: ${wanted}. These are switched off: ${names}.`
  if (!claims) return [`${numbers} ${t('What their guests wrote is lost, because their disks go with their pods.')}`]
  if (retention?.whenScaled === 'Delete') return [`${numbers} ${t('Their claims go with them, as the values say.')}`]
  return [`${numbers} ${t('Their claims are kept, and a next Bootstrap with more emulators takes them up again.')}`]
}
