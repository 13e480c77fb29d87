import { Resolver } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { get } from 'node:http'
import { get as getTls } from 'node:https'
import { connect } from 'node:net'
import type { SandboxApi } from './api.ts'
import type { Readiness } from './part.ts'

interface NodeObject {
  status?: {
    allocatable?: Record<string, string>
    conditions?: { type: string; status: string; lastHeartbeatTime: string }[]
  }
}

/**
 * Looks once whether a part is ready; errors mean "not yet".
 * `since`: milliseconds of the part's start. What the API says of a node from before it was switched off does not count.
 */
export async function isReady(ready: Readiness, api: SandboxApi | undefined, since: number): Promise<boolean> {
  switch (ready.kind) {
    case 'process':
      return true
    case 'tcp':
      return connects({ host: ready.host, port: ready.port })
    case 'unix':
      return connects({ path: ready.path })
    case 'http':
      return answersOk(ready.url, ready.socket)
    case 'dns':
      return resolves(ready.server, ready.name)
    case 'api':
      return (await api?.request('GET', ready.path, undefined, 2_000))?.status === 200
    case 'node': {
      const node = await nodeOf(api, ready.name)
      return node !== undefined && freshlyReady(node, since)
    }
    case 'file':
      return existsSync(ready.path)
    case 'resource':
      return Number((await nodeOf(api, ready.node))?.status?.allocatable?.[ready.name] ?? 0) > 0
  }
}

/** True when the node reports Ready, and reported so after `since`. Kubernetes tells times in whole seconds. */
export function freshlyReady(node: NodeObject, since: number): boolean {
  const condition = node.status?.conditions?.find(({ type }) => type === 'Ready')
  return condition?.status === 'True' && Date.parse(condition.lastHeartbeatTime) >= Math.floor(since / 1000) * 1000
}

async function nodeOf(api: SandboxApi | undefined, name: string): Promise<NodeObject | undefined> {
  const answer = await api?.request('GET', `/api/v1/nodes/${name}`, undefined, 2_000)
  return answer?.status === 200 ? (answer.body as NodeObject) : undefined
}

function connects(to: { host: string; port: number } | { path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...to, timeout: 1_000 })
    const end = (result: boolean): void => {
      socket.destroy()
      resolve(result)
    }
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
    socket.on('timeout', () => end(false))
  })
}

function answersOk(url: string, socketPath: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: 1_000, agent: false as const, ...(socketPath === undefined ? {} : { socketPath }) }
    // The certificate is one that the part made for itself in memory, and the question is only whether it lives.
    const request = url.startsWith('https:') ? getTls(url, { ...options, rejectUnauthorized: false }) : get(url, options)
    request.on('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}

async function resolves(server: string, name: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 })
  resolver.setServers([server])
  try {
    return (await resolver.resolve4(name)).length > 0
  } finally {
    resolver.cancel()
  }
}
