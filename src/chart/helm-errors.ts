import { join } from 'node:path'
import { t } from '@vscode/l10n'
import type { LocoCode } from '../base/codes.ts'
import { LocoError } from '../base/error.ts'

/** What helm was about, for sentences and commands. */
export interface HelmSubject {
  release: string
  namespace: string
  chart?: string | undefined
  context?: string | undefined
}

interface Meaning {
  what: string
  why?: string
  fix?: readonly string[]
}

/** The match and its groups; those that took no part in it are empty. */
type Groups = readonly [all: string, first: string, second: string, third: string, fourth: string]

interface Row {
  /** Tried on helm's words without its decoration, from the first row to the last. */
  words: RegExp
  code: LocoCode
  meaning(match: Groups, subject: HelmSubject, words: string): Meaning
}

const valuesPage = (): string => t('docs/values.md lists all values.')
const reportChart = (): string => t('If you did not change the chart, this is a defect: loco report')
const apiServer = 'kubectl get --raw /readyz'

/**
 * Everything that is read from helm's text, and the only place that does so: helm gives an exit code of 1 and a sentence for all failures.
 * The rows were collected from Helm 4.3 (test/unit/chart/helm-words.ts), those marked 3.x from the source of 3.18.
 */
const rows: readonly Row[] = [
  {
    words: /is not valid against metaschema/,
    code: 'LOCO-CHT-014',
    meaning: () => ({ what: t('The schema of the chart is itself wrong.'), why: t('Helm cannot read values.schema.json as a schema.'), fix: [reportChart()] }),
  },
  {
    words: /values don't meet the specifications of the schema/,
    code: 'LOCO-CHT-012',
    meaning: (_match, _subject, words) => {
      const found = schemaViolations(words)
      const first = found[0]
      return {
        what:
          first === undefined
            ? t('The values do not fit the chart.')
            : first.path === ''
              ? t`The values do not fit the chart: ${first.message}.`
              : `${first.path}: ${first.message}.`,
        ...(found.length > 1
          ? {
              why: t`These do not fit either: ${found
                .slice(1)
                .map((one) => one.path || one.message)
                .join(', ')}.`,
            }
          : {}),
        fix: [valuesPage()],
      }
    },
  },
  {
    // The chart looks at what is installed and says so itself, before the cluster would refuse it half-way.
    words: /execution error at \([^)]+\): ((?:The claims of the emulators|The folder of a volume) cannot change while [\s\S]+)/,
    code: 'LOCO-CHT-023',
    meaning: (match, { release }) => ({
      what: t`The change cannot be made to what the release ${release} has.`,
      why: sentence(match[1]),
      fix: ['loco storage migrate --help', t('or take the changed value of storage back (docs/storage.md)')],
    }),
  },
  {
    // The templates looked into the cluster (`lookup`), which is before anything that they say.
    words: /error calling lookup: ([\s\S]*is forbidden: [\s\S]+)/,
    code: 'LOCO-KUB-011',
    meaning: (match, { namespace }) => ({
      what: t('The chart looks into the cluster, which does not allow it.'),
      why: sentence(match[1]),
      fix: [`kubectl auth can-i --list --namespace ${namespace}`],
    }),
  },
  {
    words: /error calling lookup: ([\s\S]+)/,
    code: 'LOCO-KUB-025',
    meaning: (match) => ({ what: t('The chart looks into the cluster, which does not answer as it should.'), why: sentence(match[1]), fix: [apiServer] }),
  },
  {
    words: /execution error at \(([^:)]+):(\d+):\d+\): ([\s\S]+)/,
    code: 'LOCO-CHT-013',
    meaning: (match) => ({ what: t('The chart refuses the values.'), why: sentence(match[3]), fix: [valuesPage()] }),
  },
  {
    words: /YAML parse error on (\S+): [\s\S]*?yaml: (?:line (\d+): )?(.+)/,
    code: 'LOCO-CHT-011',
    meaning: (match) => ({
      what: t`The template ${match[1]} renders text that is no YAML.`,
      why: match[2] === '' ? sentence(match[3]) : t`Line ${match[2]} of what it renders: ${sentence(match[3])}`,
      fix: [t('helm template --debug prints the rendered text.'), reportChart()],
    }),
  },
  {
    words: /parse error at \(([^:)]+):(\d+)\): (.+)/,
    code: 'LOCO-CHT-014',
    meaning: (match) => wrongTemplate(match[1], match[2], match[3]),
  },
  {
    // 3.x: `template: loco/templates/x.yaml:1:13: executing "…" at <.Values.a.b>: nil pointer …`; 4.x sets the same on lines of their own.
    words: /([^\s:]+\/templates\/[^\s:]+):(\d+):\d+:?\s+executing [\s\S]*? at <([^>]*)>:\s+([\s\S]+)/,
    code: 'LOCO-CHT-014',
    meaning: (match) => wrongTemplate(match[1], match[2], `${match[3]}: ${match[4].replaceAll(/\s+/g, ' ')}`),
  },
  {
    words: /chart requires kubeVersion: (.+) which is incompatible with Kubernetes (\S+)/,
    code: 'LOCO-CHT-017',
    meaning: (match) => ({
      what: t`The chart needs Kubernetes ${match[1]}, and the cluster runs ${match[2]}.`,
      fix: [t('Upgrade the cluster, or choose another with --context.')],
    }),
  },
  {
    words: /unable to detect chart at (.+?)(?:\/Chart\.yaml)?: |path "(.+)" not found|Chart\.yaml file is missing|unable to check Chart\.yaml file in chart/,
    code: 'LOCO-CHT-010',
    meaning: (match, subject) => ({
      what: t`There is no chart in ${match[1] || match[2] || (subject.chart ?? '')}.`,
      why: t('A chart is a folder with a Chart.yaml in it.'),
    }),
  },
  {
    words: /missing in charts\/ directory: (.+)/,
    code: 'LOCO-CHT-010',
    meaning: (match, subject) => ({
      what: t`The chart builds on ${match[1]}, which is missing from its charts folder.`,
      fix: [`helm dependency build ${subject.chart ?? ''}`.trim()],
    }),
  },
  {
    words: /failed to parse (.+?): ([\s\S]+)/,
    code: 'LOCO-CHT-015',
    meaning: (match) => wrongValuesFile(match[1], match[2]),
  },
  {
    words: /cannot load (values\.yaml): ([\s\S]+)/,
    code: 'LOCO-CHT-015',
    meaning: (match, { chart = '' }) => wrongValuesFile(join(chart, match[1]), match[2]),
  },
  {
    words: /open (.+): (no such file or directory|permission denied|.*cannot find the (?:file|path) specified\.)|read (.+): (is a directory)/,
    code: 'LOCO-CHT-015',
    meaning: (match) => ({ what: t`The values file ${match[1] || match[3]} cannot be read.`, why: t`The system says: ${sentence(match[2] || match[4])}` }),
  },
  {
    words: /failed parsing --set[a-z-]* data: (.+)/,
    code: 'LOCO-CHT-015',
    meaning: (match) => ({ what: t('A value given with --set cannot be read.'), why: sentence(match[1]), fix: [t('Write it as --set emulator.memoryMiB=64')] }),
  },
  {
    words: /release name check failed|invalid release name/,
    code: 'LOCO-CHT-018',
    meaning: (_match, { release }) => ({
      what: t`A release cannot be called "${release}".`,
      why: t('A name has up to 53 characters of a-z, 0-9 and "-", and begins and ends with a letter or digit.'),
    }),
  },
  {
    words: /release: not found|has no deployed releases/,
    code: 'LOCO-CHT-020',
    meaning: (_match, { release, namespace }) => ({ what: t`There is no release ${release} in namespace ${namespace}.`, fix: ['helm list --all-namespaces'] }),
  },
  {
    words: /another operation \(install\/upgrade\/rollback\) is in progress/,
    code: 'LOCO-CHT-021',
    meaning: (_match, { release, namespace }) => ({
      what: t`Another helm works on the release ${release}, or died while it did.`,
      fix: [`helm history ${release} --namespace ${namespace}`, t('loco bootstrap heals a release whose helm died.')],
    }),
  },
  {
    words: /(\S+) "([^"]+)" in namespace "([^"]*)" exists and cannot be imported into the current release: invalid ownership metadata; ([\s\S]+)/,
    code: 'LOCO-CHT-022',
    meaning: (match, { release }) => ({
      what: t`The ${match[1]} ${match[2]} in namespace ${match[3]} exists, and the release ${release} did not make it.`,
      why: sentence(match[4]),
      fix: [
        `kubectl describe ${match[1].toLowerCase()} ${match[2]} --namespace ${match[3]}`,
        t('Delete or rename it, or choose another --release or --namespace.'),
      ],
    }),
  },
  {
    words: /updates to statefulset spec for fields other than/,
    code: 'LOCO-CHT-023',
    meaning: (_match, { release, namespace }) => ({
      what: t`The change cannot be made to the StatefulSet of ${release} while it exists.`,
      why: t('Claim templates, pod labels of the selector and the Service name are fixed when a StatefulSet is made.'),
      fix: [`loco destroy --keep-data --release ${release} --namespace ${namespace}`, t('and then loco bootstrap; or take the changed value of storage back.')],
    }),
  },
  // From here on the words are those of the cluster, and so are the codes.
  {
    words: /context "([^"]+)" does not exist/,
    code: 'LOCO-KUB-004',
    meaning: (match) => ({ what: t`There is no context "${match[1]}" in the kubeconfig.`, fix: ['kubectl config get-contexts'] }),
  },
  {
    words: /error loading config file "([^"]+)": ([\s\S]+)/,
    code: 'LOCO-KUB-003',
    meaning: (match) => ({ what: t`The kubeconfig ${match[1]} is broken.`, why: sentence(match[2]) }),
  },
  {
    words: /connect: connection refused/,
    code: 'LOCO-KUB-020',
    meaning: (_match, subject) => ({
      what: t`Nothing listens at the address of the cluster of the context "${contextOf(subject)}".`,
      fix: [apiServer, t('or, if it is the sandbox: loco sandbox up')],
    }),
  },
  {
    words: /lookup (\S+)(?: on \S+)?: (?:no such host|server misbehaving)/,
    code: 'LOCO-KUB-021',
    meaning: (match) => ({
      what: t`The name ${match[1]} of the cluster is unknown.`,
      fix: [t('Check the network, a VPN, and the address in the kubeconfig.')],
    }),
  },
  {
    words: /x509: certificate has expired/,
    code: 'LOCO-KUB-030',
    meaning: (_match, subject) => ({
      what: t`The certificate of the cluster of the context "${contextOf(subject)}" has expired.`,
      fix: [t('Renew it on the cluster, and check the clock of this machine.')],
    }),
  },
  {
    words: /x509: /,
    code: 'LOCO-KUB-031',
    meaning: (_match, subject) => ({
      what: t`The certificate of the cluster of the context "${contextOf(subject)}" is not trusted.`,
      fix: [t('Fetch a fresh kubeconfig from the cluster.')],
    }),
  },
  {
    words: /i\/o timeout|context deadline exceeded|TLS handshake timeout|request canceled while waiting/,
    code: 'LOCO-KUB-022',
    meaning: (_match, subject) => ({ what: t`The cluster of the context "${contextOf(subject)}" does not answer in time.`, fix: [apiServer] }),
  },
  {
    words: /Unauthorized|provide credentials/,
    code: 'LOCO-KUB-010',
    meaning: (_match, subject) => ({
      what: t`The cluster of the context "${contextOf(subject)}" does not know you.`,
      fix: [t('Log in again with the tool that made the kubeconfig.')],
    }),
  },
  {
    words: /is forbidden: ([\s\S]+)|: forbidden$/m,
    code: 'LOCO-KUB-011',
    meaning: (match, { namespace }) => ({
      what: t`The cluster does not allow this in namespace ${namespace}.`,
      why: match[1] === '' ? t('It is forbidden.') : sentence(match[1]),
      fix: [`kubectl auth can-i --list --namespace ${namespace}`],
    }),
  },
  {
    words: /namespaces "([^"]+)" not found/,
    code: 'LOCO-KUB-012',
    meaning: (match) => ({ what: t`There is no namespace ${match[1]}.`, fix: [`kubectl create namespace ${match[1]}`] }),
  },
  {
    words: /resource mapping not found for name: "?([^"\s]*)"? .*?no matches for kind "(\w+)"|no matches for kind "(\w+)"/,
    code: 'LOCO-KUB-015',
    meaning: (match) => {
      const kind = match[2] || match[3]
      const operator = kind === 'ServiceMonitor' || kind === 'PrometheusRule'
      return {
        what: t`The cluster knows no objects of the kind ${kind}.`,
        why: t('It is too old, or an extension is missing.'),
        ...(operator && { fix: [t('Install the Prometheus operator in the cluster, or set monitoring.enabled to false.')] }),
      }
    },
  },
  {
    words: /server gave HTTP response to HTTPS client/,
    code: 'LOCO-KUB-034',
    meaning: (_match, subject) => ({
      what: t`The address of the cluster of the context "${contextOf(subject)}" does not speak TLS.`,
      fix: [t('Check the address in the kubeconfig.')],
    }),
  },
  {
    words: /for object \S*?([^/\s]+) \S+, Kind=(\w+): [\s\S]*?(?:is invalid: ([\s\S]+)|: (\S+: field not declared in schema))/,
    code: 'LOCO-KUB-015',
    meaning: (match) => ({ what: t`The cluster finds the ${match[2]} ${match[1]} of the chart wrong.`, why: sentence(match[3] || match[4]) }),
  },
  {
    words: /is invalid: ([\s\S]+)|error validating ""?: ([\s\S]+)/,
    code: 'LOCO-KUB-015',
    meaning: (match) => ({ what: t('The cluster finds an object of the chart wrong.'), why: sentence(match[1] || match[2]) }),
  },
  {
    words: /admission webhook "([^"]+)" denied the request: ([\s\S]+)/,
    code: 'LOCO-KUB-011',
    meaning: (match) => ({ what: t`The policy ${match[1]} of the cluster refuses an object of the chart.`, why: sentence(match[2]) }),
  },
  {
    words: /etcdserver: |the server is currently unable|Internal error occurred|ServiceUnavailable/,
    code: 'LOCO-KUB-017',
    meaning: (_match, subject) => ({ what: t`The cluster of the context "${contextOf(subject)}" has a fault.`, fix: [apiServer] }),
  },
  {
    words: /connection reset by peer|unexpected EOF|: EOF|http2: .*(?:closed|lost)/,
    code: 'LOCO-KUB-023',
    meaning: (_match, subject) => ({ what: t`The connection to the cluster of the context "${contextOf(subject)}" broke.`, fix: [apiServer] }),
  },
]

/** What a failed helm means, from its words (stderr, or a line of `helm lint`). */
export function helmError(output: string, subject: HelmSubject): LocoError {
  const words = withoutDecoration(output)
  for (const row of rows) {
    const match = row.words.exec(words)
    if (match === null) continue
    const [all, first = '', second = '', third = '', fourth = ''] = match
    return new LocoError(row.code, { ...row.meaning([all, first, second, third, fourth], subject, words), evidence: [words] })
  }
  return new LocoError('LOCO-CHT-090', {
    what: t('Helm failed.'),
    why: words === '' ? t('It said nothing.') : sentence(words),
    evidence: words === '' ? [] : [words],
  })
}

export interface SchemaViolation {
  /** Dotted path of the value, such as `storage.strategy`; empty for the values as a whole. */
  path: string
  message: string
}

/** The values that a schema refuses, from helm's words: `- at '/storage/strategy': value must be one of …`. An unknown key is named by its own path. */
export function schemaViolations(words: string): SchemaViolation[] {
  const found: SchemaViolation[] = []
  for (const [, pointer = '', message = ''] of words.matchAll(/^\s*- at '([^']*)': (.+)$/gm)) {
    const path = pointer.split('/').slice(1).map(unescapePointer)
    const unknown = /^additional propert(?:y|ies) (.+) not allowed$/.exec(message)?.[1]
    if (unknown === undefined) found.push({ path: path.join('.'), message })
    else for (const [, key = ''] of unknown.matchAll(/'([^']+)'/g)) found.push({ path: [...path, key].join('.'), message: t('the chart has no such value') })
  }
  return found
}

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** Helm's words without log lines, the leading `Error:`, and the advice to use its flags. */
function withoutDecoration(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/^(level=|time=|WARNING: |I\d{4} |W\d{4} |Use --debug flag)/.test(line))
    .join('\n')
    .replace(/^\s*Error: (?:(?:INSTALLATION|UPGRADE) FAILED: )?/, '')
    .trim()
}

function sentence(words: string): string {
  const text = words.trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function wrongTemplate(file = '', line = '', words = ''): Meaning {
  return { what: t`The template ${file} is wrong in line ${line}.`, why: sentence(words), fix: [reportChart()] }
}

function wrongValuesFile(file: string, words: string): Meaning {
  const [, line, reason] = /yaml: (?:line (\d+): )?(.+)/.exec(words) ?? []
  if (reason === undefined) return { what: t`The values file ${file} is no mapping of names to values.`, why: sentence(words) }
  return {
    what: line === undefined ? t`The values file ${file} is no YAML.` : t`The values file ${file} is no YAML from line ${line} on.`,
    why: sentence(reason),
  }
}

/** Only a helm that speaks with a cluster has these words, and it was given a context. */
const contextOf = ({ context }: HelmSubject): string => context ?? ''
