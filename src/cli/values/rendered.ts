import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { Helm } from '../../chart/helm.ts'
import { helmProgram } from '../../operations/helm-program.ts'
import { checkManifest, manifestProblems } from '../../values/check-manifest.ts'
import { terminalLogger } from '../operate.ts'
import type { Terminal } from '../terminal.ts'
import type { CheckRendered } from './check.ts'

/** Has helm render the chart of a file with it and what lies under it, and checks the objects. @throws what helm says, coded; LOCO-CHT-010 without a chart */
export function renderedCheck(terminal: Terminal, { namespace, release }: { namespace: string; release: string }): CheckRendered {
  const helm = new Helm({ binary: helmProgram('', terminal.env), log: terminalLogger(terminal), env: terminal.env })
  return async (view) => {
    const { chart, role, before, document, facts } = view
    if (chart === undefined || chart.templates.length === 0)
      throw new LocoError('LOCO-CHT-010', { what: t('There is no chart to render.'), fix: [t('Name its folder with --chart.')] })
    const layers = role === 'defaults' ? [] : [...before.filter(({ file }) => file !== chart.defaults.file), document]
    const manifest = await helm.manifest({ chart: chart.folder, release, namespace, values: layers.map(({ file }) => file), signal: terminal.interrupted })
    const found = checkManifest(manifest, release, namespace, facts)
    return { problems: manifestProblems(view, found), unchecked: found.unchecked }
  }
}
