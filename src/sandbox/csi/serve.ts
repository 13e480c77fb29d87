import { rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { loadSync, type Options } from '@grpc/proto-loader'
import { Refusal } from './refusal.ts'

/** Answers of a service by method name. A method that is not there is answered UNIMPLEMENTED. */
// The wire gives each method the message that its name promises: that, and only that, is what `never` stands for here.
export type Methods = Record<string, (request: never) => Promise<object>>

/** Sizes are exact as numbers up to 8 PiB. */
const options: Options = { keepCase: true, longs: Number, enums: String, defaults: true }
const load = (file: string): ReturnType<typeof loadPackageDefinition> => loadPackageDefinition(loadSync(join(import.meta.dirname, file), options))

interface CsiServices {
  Identity: ServiceClientConstructor
  Controller: ServiceClientConstructor
  Node: ServiceClientConstructor
}

export const csiServices = (load('csi.proto')['csi'] as unknown as { v1: CsiServices }).v1
export const registrationService = (load('pluginregistration.proto')['pluginregistration'] as unknown as { Registration: ServiceClientConstructor })
  .Registration

/** Serves over a socket that only its owner can open. `say` hears of every call that fails. */
export async function serve(socket: string, services: readonly [ServiceClientConstructor, Methods][], say: (text: string) => void): Promise<Server> {
  const server = new Server()
  for (const [{ service }, methods] of services) server.addService(service, implementation(service, methods, say))
  rmSync(socket, { force: true }) // One that a killed driver left.
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`unix://${socket}`, ServerCredentials.createInsecure(), (error) => (error === null ? resolve() : reject(error))),
  )
  await chmod(socket, 0o600)
  return server
}

function implementation(service: ServiceDefinition, methods: Methods, say: (text: string) => void): UntypedServiceImplementation {
  const answers = Object.keys(service).flatMap((name) => {
    const method = methods[name]
    return method === undefined ? [] : [[name, unary(name, method, say)] as const]
  })
  return Object.fromEntries(answers)
}

function unary(name: string, method: Methods[string], say: (text: string) => void) {
  return (call: ServerUnaryCall<unknown, object>, reply: sendUnaryData<object>): void => {
    method(call.request as never).then(
      (answer) => reply(null, answer),
      (error: Error) => {
        const code = error instanceof Refusal ? error.code : status.INTERNAL
        say(`${name}: ${status[code]} ${error.message}`)
        reply({ code, details: error.message })
      },
    )
  }
}
