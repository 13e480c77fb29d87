import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Part, PartContext } from '../part.ts'
import { busyboxImage } from '../plan.ts'

/** Makes a folder per claim of the storage class `standard`, through helper pods. */
export function localPathProvisioner({ paths, bin }: PartContext): Part {
  const config = join(paths.run, 'local-path.json')
  const helper = join(paths.run, 'local-path-helper.yaml')
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'helper-pod' },
    spec: { containers: [{ name: 'helper-pod', image: busyboxImage, imagePullPolicy: 'Never' }] },
  }
  return {
    name: 'local-path-provisioner',
    argv: [
      bin['local-path-provisioner'],
      'start',
      '--config',
      config,
      '--helper-pod-file',
      helper,
      '--kubeconfig',
      join(paths.root, 'local-path-provisioner.kubeconfig'),
      '--namespace',
      'local-path-storage',
    ],
    files: [
      { path: config, text: JSON.stringify({ nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: [join(paths.root, 'volumes')] }] }) },
      { path: helper, text: stringify(pod) },
    ],
    after: ['apiserver', 'objects'],
    ready: { kind: 'process' },
    patience: 10_000,
  }
}
