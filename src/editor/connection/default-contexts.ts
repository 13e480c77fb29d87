/** What the choice of contexts depends on. */
export interface ContextChoice {
  /** What the person chose for this workspace; undefined or empty when nothing was chosen. */
  chosen: readonly string[] | undefined
  /** Names of all contexts that the kubeconfig knows. */
  known: readonly string[]
  current: string | undefined
  /** The sandbox of this machine, where its kubeconfig may be read. */
  sandbox: { context: string; answers: boolean } | undefined
}

/**
 * The contexts that are looked at: the chosen ones; else the sandbox if it runs, else the current context. A person who has nothing but a sandbox that is
 * switched off, or one single context, is looking at that one.
 */
export function contextsToShow({ chosen = [], known, current, sandbox }: ContextChoice): readonly string[] {
  if (chosen.length > 0) return chosen
  const fallback = known.length === 1 ? known[0] : sandbox?.context
  const one = sandbox?.answers === true ? sandbox.context : (current ?? fallback)
  return one === undefined ? [] : [one]
}
