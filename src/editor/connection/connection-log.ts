import type { LocoError } from '../../base/error.ts'
import type { Logger } from '../../base/logger.ts'
import type { ConnectionView } from './state.ts'

/** Writes to the output what becomes of connections and kubeconfig files, each change once: where the view has one line, this has all of it. */
export class ConnectionLog {
  readonly #log: Logger
  readonly #told = new Map<string, string>()

  constructor(log: Logger) {
    this.#log = log
  }

  look(connections: readonly ConnectionView[], problems: readonly LocoError[]): void {
    for (const problem of problems) this.#tell(`kubeconfig ${problem.what}`, problem.message, () => this.#problem(problem))
    for (const { context, server, state } of connections) {
      const error = 'error' in state ? state.error : undefined
      this.#tell(`connection ${context}`, `${state.state} ${error?.message ?? ''}`, () => {
        this.#log.info(`${context}: ${state.state}`, { server })
        if (error !== undefined) this.#problem(error)
      })
    }
  }

  #tell(about: string, text: string, write: () => void): void {
    if (this.#told.get(about) === text) return
    this.#told.set(about, text)
    write()
  }

  #problem({ message, code, fix, evidence }: LocoError): void {
    this.#log.warn(`${message} (${code})`)
    for (const line of [...fix, ...evidence]) this.#log.warn(`  ${line}`)
  }
}
