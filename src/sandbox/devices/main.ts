/* The device plugin process: `--folder DIR --device RESOURCE=PATH[,UNITS]…`. Started by the sandbox, ended by SIGTERM. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DevicePlugin, onKubelet, parseOffer, socketName } from './plugin.ts'

const { values } = parseArgs({ options: { folder: { type: 'string' }, device: { type: 'string', multiple: true } } })
const folder = values.folder ?? '/var/lib/kubelet/device-plugins'
const say = (text: string): void => void process.stderr.write(`${new Date().toISOString()} ${text}\n`)

for (const text of values.device ?? []) {
  const offer = parseOffer(text)
  if (offer === undefined) {
    say(`not a device: ${text}; it must read RESOURCE=PATH or RESOURCE=PATH,UNITS`)
    process.exit(2)
  }
  const plugin = new DevicePlugin(offer, folder)
  let retry: NodeJS.Timeout | undefined
  const register = (): void => {
    clearTimeout(retry)
    plugin.register().then(
      () => say(`${offer.resource}: registered for ${offer.path}`),
      (error: Error) => {
        say(`${offer.resource}: ${error.message}`)
        retry = setTimeout(register, 1_000)
      },
    )
  }
  onKubelet(folder, register)
  process.on('SIGTERM', () => {
    plugin.stop()
    rmSync(join(folder, socketName(offer.resource)), { force: true })
    process.exit(0)
  })
}
