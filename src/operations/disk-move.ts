import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node'
import type { RenderedObject } from '../chart/manifest.ts'
import { emulatorName, labels, partOf } from '../contracts/names.ts'

/** One disk that is to be copied from claim to claim. */
export interface DiskMove {
  ordinal: number
  from: string
  to: string
}

/** How disks of a strategy lie: the name of their claim template; undefined where they lie in the pod. */
export function claimTemplate(strategy: string): 'disk' | 'hostdisk' | undefined {
  if (strategy === 'ephemeral') return undefined
  return strategy === 'hostpath' ? 'hostdisk' : 'disk'
}

/** The copies that a change of strategy needs: one for each wanted emulator that has a disk. Pure. */
export function movesOf(o: { release: string; from: string; to: string; replicas: number; claims: readonly string[] }): DiskMove[] {
  const [was, will] = [claimTemplate(o.from), claimTemplate(o.to)]
  if (was === undefined || will === undefined || was === will) return []
  const name = emulatorName(o.release)
  return Array.from({ length: o.replicas }, (_, ordinal) => ({ ordinal, from: `${was}-${name}-${ordinal}`, to: `${will}-${name}-${ordinal}` })).filter(
    ({ from }) => o.claims.includes(from),
  )
}

/** The claims that the new StatefulSet will look for, made beforehand so that they can be filled. Pure. */
export function claimsFor(set: V1StatefulSet, moves: readonly DiskMove[], namespace: string): RenderedObject[] {
  const [template] = set.spec?.volumeClaimTemplates ?? []
  return moves.map(({ to }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: to, namespace, labels: { ...template?.metadata?.labels } },
    spec: template?.spec as unknown as Record<string, unknown>,
  }))
}

/**
 * The program of the pod that copies. A copy that is whole already is found by its checksums, so that it can be run again. What else lies in the target is set
 * aside, never overwritten; the copy gets its names only after every file has been read back and compared.
 */
const program = `
cd /from
sums() { find . -maxdepth 1 -type f ! -name '.*' -exec sha256sum {} + | sort -k 2; }
sums >/tmp/was
say() { printf '%s %s files, %s bytes' "$1" "$(wc -l </tmp/was)" "$(find . -maxdepth 1 -type f ! -name '.*' -printf '%s\\n' | awk '{ all += $1 } END { print all + 0 }')" >/dev/termination-log; }
cd /to
rm -rf .moving
sums >/tmp/is
if [ -s /tmp/was ] && cmp -s /tmp/was /tmp/is; then cd /from; say found; exit 0; fi
mkdir .moving
find /from -maxdepth 1 -type f ! -name '.*' -exec cp --sparse=always --preserve=mode,timestamps -t .moving {} +
sync .moving/* 2>/dev/null || sync
cd .moving
sums >/tmp/is
cmp /tmp/was /tmp/is
cd /to
if [ -n "$(find . -maxdepth 1 -type f ! -name '.*')" ]; then
  aside="before-$(date +%Y%m%d%H%M%S%N)"
  mkdir "$aside"
  find . -maxdepth 1 -type f ! -name '.*' -exec mv -t "$aside" {} +
fi
find .moving -maxdepth 1 -type f -exec mv -t . {} +
rmdir .moving
sync
cd /from
say copied
`

/** The pod that copies one disk: with the rights of an emulator, which are none, and the old disk for reading only. Pure. */
export function moverPod(move: DiskMove, o: { release: string; namespace: string; set: V1StatefulSet }): V1Pod {
  const spec = o.set.spec?.template.spec
  const [emulator] = spec?.containers ?? []
  const mount = (name: string, mountPath: string, readOnly = false): { name: string; mountPath: string; readOnly: boolean } => ({ name, mountPath, readOnly })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: moverName(o.release, move.ordinal),
      namespace: o.namespace,
      labels: { [labels.partOf]: partOf, [labels.instance]: o.release, [labels.component]: 'storage', [labels.managedBy]: 'loco' },
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      ...(spec?.securityContext && { securityContext: spec.securityContext }),
      ...(spec?.imagePullSecrets && { imagePullSecrets: spec.imagePullSecrets }),
      ...(spec?.nodeSelector && { nodeSelector: spec.nodeSelector }),
      ...(spec?.tolerations && { tolerations: spec.tolerations }),
      containers: [
        {
          name: 'copy',
          image: emulator?.image ?? '',
          imagePullPolicy: emulator?.imagePullPolicy ?? 'IfNotPresent',
          command: ['sh', '-euc', program],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '2', memory: '256Mi', 'ephemeral-storage': '64Mi' } },
          ...(emulator?.securityContext && { securityContext: emulator.securityContext }),
          terminationMessagePolicy: 'FallbackToLogsOnError',
          volumeMounts: [mount('from', '/from', true), mount('to', '/to'), mount('tmp', '/tmp')],
        },
      ],
      volumes: [
        { name: 'from', persistentVolumeClaim: { claimName: move.from } },
        { name: 'to', persistentVolumeClaim: { claimName: move.to } },
        { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
      ],
    },
  }
}

export const moverName = (release: string, ordinal: number): string => `${emulatorName(release)}-move-${ordinal}`
