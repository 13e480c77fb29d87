import { writeFileSync } from 'node:fs'
import { asLocoError, type LocoError } from '../../../src/base/error.ts'
import { chooseArt, leaveChoice } from './art.ts'
import { readConfig } from './config.ts'
import { Emulator } from './emulator.ts'
import { errorFields, jsonLogger, type LogLevel, logLevels } from './log.ts'

/**
 * PID 1 of the pod: reads the environment, runs one emulator, ends with 0 when asked to and with the exit code of the error else.
 * With the word `art` it is the step before that (docs/storage.md): it looks after the shared folder, leaves its choice for the agent and ends.
 */
async function main(task: string | undefined, env: NodeJS.ProcessEnv): Promise<number> {
  const level: LogLevel = logLevels.find((one) => one === env['LOG_LEVEL']) ?? 'info'
  const who = { service: 'emulator-agent', pod: env['POD_NAME'] ?? '' }
  const write = (line: string): void => void process.stdout.write(line)
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
  try {
    const config = readConfig(env)
    const log = jsonLogger({ ...who, instance: config.id }, level, write)
    if (task === 'art') {
      await leaveChoice(config.runDir, await chooseArt(config, log))
      return 0
    }
    log.info('The emulator agent starts.', { version: config.version, node: process.version })
    await new Emulator(config, log).run(stop.signal)
    log.info('The emulator ended as asked; its disk is written out.')
    return 0
  } catch (thrown) {
    const error = asLocoError(thrown)
    jsonLogger(who, level, write).error(error.message, errorFields(error))
    leaveMessage(env['LOCO_TERMINATION_LOG'] ?? '/dev/termination-log', error)
    return error.exit
  }
}

/** Kubernetes shows this text as the reason why the container ended. It is there in a pod only. */
function leaveMessage(path: string, error: LocoError): void {
  try {
    writeFileSync(path, `${error.code}: ${error.message}${error.fix.map((fix) => `\n- ${fix}`).join('')}\n`, { flag: 'r+' })
  } catch {
    // Not in a pod, or not allowed: the log line above says the same.
  }
}

// Explicit, because a child or a connection that hangs must not keep a container alive that has nothing left to do.
void main(process.argv[2], process.env).then((code) => process.exit(code))
