import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { kubeconfigFiles } from '../../kube/kubeconfig-files.ts'

/** Environment of the process of an operation: that of the editor, with what the settings add. Pure but for the question whether a file exists. */
export function processEnv(
  env: NodeJS.ProcessEnv,
  settings: { kubeconfig: readonly string[]; helmPath: string; language: string },
  exists: (path: string) => boolean = existsSync,
): NodeJS.ProcessEnv {
  // The program of an editor on a desktop is Electron, which is Node with this variable; for Node itself it means nothing.
  const own: NodeJS.ProcessEnv = { ...env, ELECTRON_RUN_AS_NODE: '1', LOCO_LANGUAGE: settings.language }
  if (settings.helmPath !== '') own['LOCO_HELM'] = settings.helmPath
  if (settings.kubeconfig.length > 0) {
    const files = kubeconfigFiles({ env, extraFiles: settings.kubeconfig })
    own['KUBECONFIG'] = files
      .filter(({ path, listed }) => listed || exists(path))
      .map(({ path }) => path)
      .join(delimiter)
  }
  return own
}
