import { entryOf, isLocoCode } from '../../base/codes.ts'
import type { Severity, TextRange } from '../../values/types.ts'
import type { Checked, Places } from './answers.ts'

const levels: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' }

/** The findings of a check as SARIF 2.1.0, which code hosts show beside the lines. */
export function sarif({ problems, unchecked }: Checked, places: Places): object {
  const ids = [...new Set([...problems.map(({ problem }) => problem.code), ...unchecked.map(({ code }) => code)])].sort()
  const artifact = (file: string): object => {
    const shown = places.shown(file)
    // What lies outside of the folder is named whole: a path relative to the root of the sources would lead nowhere.
    return shown.startsWith('/') ? { uri: `file://${encodeURI(shown)}` } : { uri: encodeURI(shown), uriBaseId: '%SRCROOT%' }
  }
  const region = (file: string, range: TextRange): object => {
    const { start, end } = places.span(file, range)
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
  }
  const location = (file: string, range: TextRange): object => ({ physicalLocation: { artifactLocation: artifact(file), region: region(file, range) } })
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'loco', rules: ids.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: unchecked.map(({ code, reason }) => ({
              level: 'note',
              message: { text: reason },
              associatedRule: { id: code, index: ids.indexOf(code) },
            })),
          },
        ],
        results: problems.map(({ problem: { code, severity, message, file, range, related = [] }, fixes }) => ({
          ruleId: code,
          ruleIndex: ids.indexOf(code),
          level: levels[severity],
          message: { text: message },
          locations: [location(file, range)],
          ...(related.length > 0 && {
            relatedLocations: related.map((one, id) => ({ id, ...location(one.file, one.range), message: { text: one.message } })),
          }),
          ...(fixes.length > 0 && {
            fixes: fixes.map(({ title, edits }) => ({
              description: { text: title },
              artifactChanges: [...Map.groupBy(edits, (edit) => edit.file)].map(([changed, parts]) => ({
                artifactLocation: artifact(changed),
                replacements: parts.map((edit) => ({ deletedRegion: region(edit.file, edit.range), insertedContent: { text: edit.newText } })),
              })),
            })),
          }),
        })),
      },
    ],
  }
}

function ruleOf(id: string): object {
  if (!isLocoCode(id)) return { id }
  const { title, explain } = entryOf(id)
  return { id, shortDescription: { text: title }, fullDescription: { text: explain }, help: { text: `docs/codes.md: ${id}` } }
}
