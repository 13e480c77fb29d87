import { LocoError } from '../../../src/base/error.ts'
import type { Logger } from '../../../src/base/logger.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** Writes one JSON object a line. `who` is in every line. */
export function jsonLogger(who: Record<string, unknown>, level: LogLevel, write: (line: string) => void, now: () => Date = () => new Date()): Logger {
  const line =
    (its: LogLevel) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (logLevels.indexOf(its) < logLevels.indexOf(level)) return
      write(`${JSON.stringify({ timestamp: now().toISOString(), level: its, message, ...who, ...fields })}\n`)
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** An error as log fields; the code stands beside the message so that a search finds it. A stack only for what is a defect of ours. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (error instanceof LocoError) {
    return { code: error.code, fix: error.fix, error: { name: error.name, message: error.message, code: error.code }, evidence: error.evidence }
  }
  if (error instanceof Error) return { error: { name: error.name, message: error.message, stack: error.stack } }
  return { error: { name: 'Unknown', message: String(error) } }
}
