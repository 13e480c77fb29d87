import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { schemaViolations } from '../chart/helm-errors.ts'
import type { Finding } from '../contracts/fleet.ts'
import type { GroupedFinding } from '../contracts/operation.ts'

/** A value by its keys: `['emulator', 'memoryMiB']`. */
export type ValuePath = readonly string[]

/** Where something stands in a text; lines and columns from 0, the end behind the last character. */
export interface Place {
  line: number
  column: number
  endColumn: number
}

const paths = (...dotted: string[]): ValuePath[] => dotted.map((path) => path.split('.'))

/** Values of the chart that decide about a finding, by its code, the likeliest first. Codes that no value can mend are left out. */
export const pathsOfCodes: Readonly<Record<string, readonly ValuePath[]>> = {
  'LOCO-CHT-023': paths('storage.persistentVolume.storageClass', 'storage.persistentVolume.size', 'storage.strategy'),
  'LOCO-IMG-001': paths('emulator.tag', 'emulator.image', 'imageRepo'),
  'LOCO-IMG-002': paths('imagePullSecrets', 'imageRepo', 'emulator.image'),
  'LOCO-IMG-003': paths('imageRepo'),
  'LOCO-IMG-004': paths('imageRepo'),
  'LOCO-IMG-005': paths('imageRepo'),
  'LOCO-IMG-006': paths('imageRepo'),
  'LOCO-IMG-007': paths('imagePullSecrets', 'imageRepo'),
  'LOCO-IMG-008': paths('emulator.image'),
  'LOCO-IMG-010': paths('emulator.imagePullPolicy', 'emulator.tag', 'emulator.image'),
  'LOCO-IMG-011': paths('emulator.image', 'imageRepo', 'emulator.tag'),
  'LOCO-IMG-016': paths('emulator.imagePullPolicy', 'emulator.tag'),
  'LOCO-IMG-019': paths('emulator.image', 'emulator.tag', 'imageRepo'),
  'LOCO-RUN-004': paths('emulator.resources.limits.memory', 'emulator.memoryMiB'),
  'LOCO-PRB-001': paths('emulator.probes.startup.failureThreshold', 'emulator.probes.startup'),
  'LOCO-PRB-002': paths('emulator.probes.liveness'),
  'LOCO-PRB-003': paths('emulator.probes.readiness'),
  'LOCO-PRB-004': paths('emulator.healthPort'),
  'LOCO-PRB-005': paths('emulator.resources.limits.cpu', 'emulator.probes'),
  'LOCO-SCH-001': paths('emulator.resources.requests.cpu', 'replicas'),
  'LOCO-SCH-002': paths('emulator.resources.requests.memory', 'emulator.memoryMiB', 'replicas'),
  'LOCO-SCH-003': paths('emulator.resources.requests.ephemeral-storage', 'storage.ephemeral.sizeMiB', 'replicas'),
  'LOCO-SCH-004': paths('replicas'),
  'LOCO-SCH-005': paths('emulator.kvm.enabled'),
  'LOCO-SCH-006': paths('emulator.nodeSelector', 'emulator.affinity'),
  'LOCO-SCH-007': paths('emulator.tolerations'),
  'LOCO-SCH-010': paths('storage.persistentVolume.size', 'storage.persistentVolume.storageClass'),
  'LOCO-POD-002': paths('emulator.resources.limits.memory'),
  'LOCO-CTL-001': paths('replicas', 'emulator.resources'),
  'LOCO-PVC-001': paths('storage.persistentVolume.storageClass'),
  'LOCO-PVC-002': paths('storage.persistentVolume.storageClass', 'storage.strategy'),
  'LOCO-PVC-003': paths('storage.persistentVolume.storageClass'),
  'LOCO-PVC-004': paths('storage.persistentVolume.storageClass'),
  'LOCO-VOL-002': paths('storage.hostPath.sharedDirectory'),
  'LOCO-AGT-001': paths('emulator.env'),
  'LOCO-AGT-002': paths('emulator.accel', 'emulator.memoryMiB'),
  'LOCO-AGT-005': paths('emulator.accel', 'emulator.kvm.enabled'),
  'LOCO-AGT-007': paths('emulator.env.LOCO_BASE_CHANGED', 'emulator.env'),
}

/** Values that decide about a finding, the likeliest first; none when no value can mend it. Words of the schema check name theirs themselves. */
export function valuesOf({ code, evidence }: Pick<Finding, 'code' | 'evidence'>): readonly ValuePath[] {
  const named = schemaViolations(evidence.join('\n')).flatMap(({ path }) => (path === '' ? [] : [path.split('.')]))
  if (named.length > 0) return named
  return code === 'LOCO-CHT-013' ? spelledIn(evidence) : (pathsOfCodes[code] ?? [])
}

/** Values that a refusal of the chart spells out, in its order: `emulator.accel is kvm, but …`. */
function spelledIn(evidence: readonly string[]): ValuePath[] {
  const said = evidence.flatMap((words) => /execution error at \([^)]*\): ([\s\S]+)/.exec(words)?.[1] ?? [])
  return said.flatMap((words) => [...words.matchAll(/(?<![\w./-])[a-z][\w-]*(?:\.[A-Za-z][\w-]*)+/g)].map(([path]) => path.split('.')))
}

/**
 * Where a value stands in the text of a values file: its key, or the element of a list. Works in files with errors as far as they can be read.
 * @returns undefined when the text does not set it
 */
export function findValue(text: string, path: ValuePath): Place | undefined {
  const lines = new LineCounter()
  let node: unknown = parseDocument(text, { lineCounter: lines }).contents
  let range: readonly [number, number] | undefined
  for (const key of path) {
    if (!isMap(node)) return undefined
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    if (pair === undefined || !isScalar(pair.key) || !pair.key.range) return undefined
    range = [pair.key.range[0], pair.key.range[1]]
    node = pair.value
  }
  if (range === undefined) return undefined
  const [start, end] = [lines.linePos(range[0]), lines.linePos(range[1])]
  return { line: start.line - 1, column: start.col - 1, endColumn: end.line === start.line ? end.col - 1 : start.col }
}

/** A finding at the value that decides about it. */
export interface PlacedProblem {
  file: string
  place: Place
  finding: Finding
}

/**
 * Findings at the lines of the values files that an operation was given. One that names its line, as those of the values language do, stands there. A later file covers an earlier one, so the last that sets a value counts.
 * A finding whose values stand in none of the files has no place; a file that cannot be read at all is marked at its beginning.
 */
export function problemsInValues(
  findings: readonly (Finding & Partial<Pick<GroupedFinding, 'where'>>)[],
  files: readonly { file: string; text: string | undefined }[],
): PlacedProblem[] {
  const latestFirst = [...files].reverse()
  return findings.flatMap((finding) => {
    const named = (finding.where ?? []).flatMap((where) => files.flatMap(({ file, text }) => namedLine(where, file, text)))
    if (named.length > 0) return named.map(({ file, place }) => ({ file, place, finding }))
    for (const path of valuesOf(finding)) {
      for (const { file, text } of latestFirst) {
        const place = text === undefined ? undefined : findValue(text, path)
        if (place !== undefined) return [{ file, place, finding }]
      }
    }
    return finding.code === 'LOCO-CHT-015' ? brokenFile(finding, files) : []
  })
}

/** The line of a file that `FILE:LINE` names (from 1): what is written on it. */
function namedLine(where: string, file: string, text: string | undefined): { file: string; place: Place }[] {
  const line = Number(/:(\d+)$/.exec(where)?.[1])
  if (Number.isNaN(line) || !where.replaceAll('\\', '/').startsWith(`${file.replaceAll('\\', '/')}:`)) return []
  const words = text?.split(/\r?\n/)[line - 1] ?? ''
  const column = words.length - words.trimStart().length
  return [{ file, place: { line: line - 1, column, endColumn: Math.max(column + 1, words.trimEnd().length) } }]
}

/** Helm names the file that it cannot read, and mostly the line. */
function brokenFile(finding: Finding, files: readonly { file: string }[]): PlacedProblem[] {
  const words = [finding.cause, ...finding.evidence].join('\n')
  const found = files.find(({ file }) => words.includes(file))
  if (found === undefined) return []
  const line = Number(/line (\d+)/.exec(words)?.[1] ?? 1) - 1
  return [{ file: found.file, place: { line, column: 0, endColumn: 1 }, finding }]
}
