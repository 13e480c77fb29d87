import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'

/** Surroundings of the tests in the extension host: no cluster, no state and no home but their own. */
export function hostTestEnvironment(scratch: string): { env: NodeJS.ProcessEnv; folder: string; log: string } {
  const folder = join(scratch, 'workspace')
  mkdirSync(folder)
  writeFileSync(join(folder, 'values.yaml'), 'replicas: 2\n')
  const log = join(scratch, 'log.txt')
  const env = {
    KUBECONFIG: join(scratch, 'kubeconfig'),
    LOCO_SANDBOX_ROOT: join(scratch, 'no-sandbox'),
    XDG_STATE_HOME: join(scratch, 'state'),
    LOCO_TEST_SCRATCH: scratch,
    LOCO_TEST_LOG: log,
    LOCO_TEST_REPORTER: join(packageRoot(), 'test', 'reporter.cjs'),
  }
  return { env, folder, log }
}
