/* The CSI driver process: `--node NAME --socket PATH --data DIR --kubelet DIR --door PATH --registered FILE`. Started by the sandbox, ended by SIGTERM. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { Controller } from './controller.ts'
import { driverName } from './driver-name.ts'
import { hostMounts } from './host-mounts.ts'
import { identity } from './identity.ts'
import { nodeMethods } from './node.ts'
import type { CsiPlaces } from './places.ts'
import { registration } from './registration.ts'
import { csiServices, registrationService, serve } from './serve.ts'

const say = (line: string): void => void process.stderr.write(`${new Date().toISOString()} ${line}\n`)

async function drive({ node, socket, data, kubelet, door, registered }: CsiPlaces & { node: string }): Promise<void> {
  const copies = new AbortController()
  process.on('SIGTERM', () => {
    copies.abort()
    for (const path of [door, socket, registered]) rmSync(path, { force: true })
    process.exit(0)
  })
  rmSync(registered, { force: true })
  mkdirSync(dirname(door), { recursive: true, mode: 0o750 })
  const controller = await Controller.open({ node, data, kubelet, mounts: hostMounts, signal: copies.signal })
  const nodeService = nodeMethods({ node, kubelet, mounts: hostMounts, folderOf: (volume) => controller.folderOf(volume) })
  await serve(
    socket,
    [
      [csiServices.Identity, identity],
      [csiServices.Controller, controller.methods],
      [csiServices.Node, nodeService],
    ],
    say,
  )
  const welcome = registration(socket, (error) => {
    say(error === undefined ? `${driverName}: registered` : `${driverName}: the kubelet refused it: ${error}`)
    if (error === undefined) writeFileSync(registered, '')
  })
  // Last: the kubelet watches the folder, asks in the moment the socket is there, and then calls the driver.
  await serve(door, [[registrationService, welcome]], say)
}

const text = { type: 'string' } as const
const options = { node: text, socket: text, data: text, kubelet: text, door: text, registered: text }
const { node, socket, data, kubelet, door, registered } = parseArgs({ options }).values
if (node === undefined || socket === undefined || data === undefined || kubelet === undefined || door === undefined || registered === undefined) {
  say(`needed: ${Object.keys(options).join(', ')}`)
  process.exit(2)
}
drive({ node, socket, data, kubelet, door, registered }).catch((error: Error) => {
  say(error.message)
  process.exit(1)
})
