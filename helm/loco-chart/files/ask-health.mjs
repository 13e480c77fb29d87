/*
Asks each part of a release how it is, over the network as other pods would, until all answer well or the time is up. Run by `helm test` in the emulator's image.
TARGETS is JSON, [{"name", "url"}]; DEADLINE is seconds. Prints one line for each part, and ends with 0 when all are well, else with 1.
*/
const targets = JSON.parse(process.env.TARGETS)
const end = Date.now() + Number(process.env.DEADLINE) * 1000

/** One line that says how a part is. */
async function ask({ url }) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    const text = await response.text()
    return { ok: response.ok, line: `${response.status} ${sentenceIn(text)}`.trimEnd() }
  } catch (error) {
    return { ok: false, line: `no answer: ${error.cause?.message ?? error.message}` }
  }
}

/** What the agent says in words; empty for answers of another shape. */
function sentenceIn(text) {
  try {
    const { guest } = JSON.parse(text)
    return typeof guest?.verdict === 'string' ? `${guest.verdict}: ${guest.sentence}` : ''
  } catch {
    return ''
  }
}

let waiting = targets
for (;;) {
  const answers = await Promise.all(waiting.map(async (target) => ({ target, ...(await ask(target)) })))
  const late = Date.now() >= end
  for (const { target, ok, line } of answers) if (ok || late) console.log(`${ok ? 'well' : 'NOT WELL'}  ${target.name}  ${line}`)
  waiting = answers.filter(({ ok }) => !ok).map(({ target }) => target)
  if (waiting.length === 0 || late) break
  await new Promise((resolve) => setTimeout(resolve, 1000))
}
process.exitCode = waiting.length === 0 ? 0 : 1
