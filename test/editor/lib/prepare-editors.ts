import { homedir } from 'node:os'
import { LocoError } from '../../../src/base/error.ts'
import { builds } from '../../../src/cli/editor/builds.ts'
import { installServer, serverRefusal } from '../../../src/cli/editor/install-server.ts'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { ensureChromium } from './chromium.ts'
import { oldNode } from './old-node.ts'

/** Installs what the editor tests need: both VS Code servers, the old Node, a browser. @returns why they cannot run here, for a skip */
export async function prepareEditors(say: (sentence: string) => void): Promise<string | undefined> {
  const unsupported = serverRefusal()
  if (unsupported !== undefined) return unsupported.what
  const noBrowser = await ensureChromium(say)
  if (noBrowser !== undefined) return noBrowser
  const { cache } = sandboxPaths(process.env)
  try {
    for (const build of Object.values(builds))
      await installServer({ build, cache, person: { home: homedir() }, env: process.env, tell: ({ sentence }) => say(sentence) })
    await oldNode(cache)
    return undefined
  } catch (error) {
    // On a machine that has what it takes, a failed installation is a failed test.
    if (error instanceof LocoError) say([`${error.code} ${error.message}`, ...error.evidence].join('\n'))
    throw error
  }
}
