import type * as vscode from 'vscode'

const key = 'operations.startedHere'

/** Ids of operations that this workspace began and that may still run: what is taken up again after a reload. The journals stay the truth. */
export class StartedHere {
  readonly #memory: vscode.Memento

  constructor(memory: vscode.Memento) {
    this.#memory = memory
  }

  ids(): readonly string[] {
    return this.#memory.get<string[]>(key, [])
  }

  async add(id: string): Promise<void> {
    await this.#memory.update(key, [...new Set([...this.ids(), id])].slice(-10))
  }

  async remove(id: string): Promise<void> {
    await this.#memory.update(
      key,
      this.ids().filter((one) => one !== id),
    )
  }
}
