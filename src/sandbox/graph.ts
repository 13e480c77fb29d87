/** Something to do, after others. */
export interface Step {
  name: string
  after: readonly string[]
  run(): Promise<void>
}

/**
 * Runs every step as soon as those it names are done, as many at once as the order allows. The first error ends it: steps that have not begun are left out,
 * and those that run are waited for, so that nothing goes on behind the caller's back.
 * @throws the first error.
 */
export async function runGraph(steps: readonly Step[]): Promise<void> {
  const known = new Set(steps.map(({ name }) => name))
  const running = new Map<string, Promise<void>>()
  let failed: { error: unknown } | undefined
  const start = (step: Step, path: readonly string[]): Promise<void> => {
    const started = running.get(step.name)
    if (started !== undefined) return started
    if (path.includes(step.name)) throw new Error(`steps wait for each other: ${[...path, step.name].join(' → ')}`)
    // A step that is not in this run has nothing to wait for.
    const before = steps.filter(({ name }) => step.after.includes(name) && known.has(name))
    const earlier = before.map((other) => start(other, [...path, step.name]))
    const mine = Promise.all(earlier).then(async () => {
      if (failed !== undefined) return
      try {
        await step.run()
      } catch (error) {
        failed ??= { error }
      }
    })
    running.set(step.name, mine)
    return mine
  }
  await Promise.all(steps.map((step) => start(step, [])))
  if (failed !== undefined) throw failed.error
}
