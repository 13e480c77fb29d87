import type * as vscode from 'vscode'
import type { Logger } from '../base/logger.ts'

/** Writes to the output channel "Loco Cluster", which VS Code keeps in a file and filters by level. */
export function editorLog(channel: vscode.LogOutputChannel): Logger {
  const write =
    (to: (message: string, ...rest: unknown[]) => void) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      Object.keys(fields).length === 0 ? to.call(channel, message) : to.call(channel, message, JSON.stringify(fields))
  return { debug: write(channel.debug), info: write(channel.info), warn: write(channel.warn), error: write(channel.error) }
}
