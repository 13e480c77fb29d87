import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EditorHost, type EditorHostOptions } from '../../lib/editor-host.ts'
import type { Process } from '../../lib/processes.ts'
import { EditorWindow } from './editor-window.ts'

/** Everything a window test stands on: a folder, surroundings of its own, an editor and its first window. */
export interface Scenery {
  /** A folder of the test's own; the workspace lies in it. */
  scratch: string
  folder: string
  /** The one file of $KUBECONFIG. Does not exist until it is written. */
  kubeconfig: string
  host: EditorHost
  window: EditorWindow
}

/** Opens an editor that sees no cluster but what `kubeconfig` says (its text), and no state of this machine. */
export async function openScenery(kubeconfig: string | undefined, options: EditorHostOptions = {}): Promise<Scenery> {
  const scratch = mkdtempSync(join(tmpdir(), 'loco-window-'))
  const file = join(scratch, 'kubeconfig')
  if (kubeconfig !== undefined) writeFileSync(file, kubeconfig)
  const env = { KUBECONFIG: file, LOCO_SANDBOX_ROOT: join(scratch, 'no-sandbox'), XDG_STATE_HOME: join(scratch, 'state'), ...options.env }
  const folder = mkdtempSync(join(scratch, 'workspace-'))
  writeFileSync(join(folder, 'values.yaml'), 'replicas: 2\n')
  const host = await EditorHost.start({ ...options, env })
  try {
    return { scratch, folder, kubeconfig: file, host, window: await EditorWindow.open(host, { folder }) }
  } catch (error) {
    await host.stop()
    throw error
  }
}

/** Ends the editor and takes its folders away. @returns what outlived it */
export async function closeScenery({ host, scratch }: Scenery): Promise<Process[]> {
  const left = await host.stop()
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
  return left
}

/** A hook for `afterEach`: a picture of the window where the test failed, named after it. */
export async function keepPicture(test: Mocha.Test | undefined, window: EditorWindow | undefined): Promise<void> {
  if (test?.state !== 'failed' || window === undefined) return
  const file = await window.shot(`failed-${test.fullTitle().replace(/\W+/g, '-').toLowerCase()}`.slice(0, 120)).catch(() => undefined)
  if (file !== undefined) process.stdout.write(`      picture of the failure: ${file}\n`)
}
