export interface LintMessage {
  severity: 'info' | 'warning' | 'error'
  /** File or folder of the chart that is meant; empty for the chart as a whole. */
  path: string
  text: string
}

/** The messages in what `helm lint` prints: `[ERROR] templates/: text`, going on over lines until the next one. */
export function parseLint(stdout: string): LintMessage[] {
  return [...stdout.matchAll(/^\[(INFO|WARNING|ERROR)\] ([^:\n]*): ([\s\S]*?)(?=^\[(?:INFO|WARNING|ERROR)\] |^==> |^\d+ chart\(s\) linted|(?![\s\S]))/gm)].map(
    ([, severity = '', path = '', text = '']) => ({ severity: severity.toLowerCase() as LintMessage['severity'], path: path.trim(), text: text.trim() }),
  )
}
