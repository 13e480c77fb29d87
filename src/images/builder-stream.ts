/** One message of the engine while it builds or pulls: one JSON object a line. */
export interface EngineMessage {
  stream?: string
  status?: string
  id?: string
  progressDetail?: { current?: number; total?: number }
  aux?: { ID?: string }
  error?: string
  errorDetail?: { message?: string; code?: number }
}

/** A step of the Dockerfile as the builder counts it, from 1. */
export interface BuildStep {
  number: number
  total: number
  instruction: string
}

/** How many of the last lines are kept for an error. */
const kept = 20

/** Reads what the classic builder says, message by message: which step it is at, whole lines, the id in the end. No I/O. */
export class BuildLog {
  step: BuildStep | undefined
  /** Id of the image, once the builder names it. */
  image: string | undefined
  /** The builder's error text, when it gave up. */
  error: string | undefined
  /** The last lines of the current step, newest last. */
  tail: string[] = []
  #rest = ''

  /** Takes a message and returns the lines that it completed. */
  feed(message: EngineMessage): string[] {
    if (message.aux?.ID !== undefined) this.image = message.aux.ID
    const error = message.errorDetail?.message ?? message.error
    if (error !== undefined) this.error = error
    if (message.stream === undefined) return []
    const parts = (this.#rest + message.stream).split('\n')
    this.#rest = parts.pop() ?? ''
    const lines = parts.map(plain).filter((line) => line !== '')
    for (const line of lines) this.#take(line)
    return lines
  }

  #take(line: string): void {
    const step = /^Step (\d+)\/(\d+) : (.*)$/.exec(line)
    if (step) {
      this.step = { number: Number(step[1]), total: Number(step[2]), instruction: step[3] ?? '' }
      this.tail = []
      return
    }
    if (line.startsWith(' --->')) return
    this.tail.push(line)
    if (this.tail.length > kept) this.tail.shift()
  }
}

/** A line as it would stand on a terminal in the end: no colours, and of what was overwritten by a carriage return only the last. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const text = line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  return (text.split('\r').findLast((part) => part !== '') ?? '').trimEnd()
}

/** Objects of a stream that holds one JSON object a line; a chunk may end anywhere. Lines that are no JSON are passed over. */
export async function* engineMessages(stream: AsyncIterable<Buffer | string>): AsyncGenerator<EngineMessage> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield* parsed(line)
  }
  yield* parsed(rest)
}

function* parsed(line: string): Generator<EngineMessage> {
  if (line.trim() === '') return
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) yield value
  } catch {
    // A proxy's page or a torn line in between says nothing about the build.
  }
}
