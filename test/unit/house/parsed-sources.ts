import { folders } from '../../../scripts/l10n/messages.ts'
import { parseSources, type Source } from '../../../scripts/l10n/syntax.ts'
import { packageRoot } from '../../../src/base/package-root.ts'

let parsed: Source[] | undefined

/** All sources as trees, parsed once for all tests, and only when one asks. */
export const parsedSources = (): readonly Source[] => {
  parsed ??= parseSources(packageRoot(), folders)
  return parsed
}
