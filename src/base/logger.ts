/** Where modules write what a person may need to see later. Hosts decide where it goes; nothing secret may be passed in. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** For callers that have nowhere to write. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
