import { isIP } from 'node:net'
import { LocoError } from '../../../src/base/error.ts'

/** What can be asked of the agent. */
export type RouteName = 'health' | 'ready' | 'startup' | 'metrics' | 'screen' | 'events' | 'keys' | 'reset'

interface Route {
  name: RouteName
  method: 'GET' | 'POST'
  /** `anyone`: the pod network too. `loopback`: who may port-forward may drive. */
  from: 'anyone' | 'loopback'
}

const routes: Record<string, Route> = {
  '/': { name: 'health', method: 'GET', from: 'anyone' },
  '/health': { name: 'health', method: 'GET', from: 'anyone' },
  '/ready': { name: 'ready', method: 'GET', from: 'anyone' },
  '/startup': { name: 'startup', method: 'GET', from: 'anyone' },
  '/metrics': { name: 'metrics', method: 'GET', from: 'anyone' },
  '/screen.png': { name: 'screen', method: 'GET', from: 'loopback' },
  '/events': { name: 'events', method: 'GET', from: 'loopback' },
  '/input/keys': { name: 'keys', method: 'POST', from: 'loopback' },
  '/reset': { name: 'reset', method: 'POST', from: 'loopback' },
}

/** What of a request decides where it goes. */
export interface Asked {
  method: string
  /** As in the request line, query and all. */
  url: string
  /** Address of the other end. */
  remote: string | undefined
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
}

/**
 * The route of a request. HEAD counts as GET.
 * A browser on the machine of a person with a port-forward open reaches the loopback too, and any web page may make it send: so what only the loopback
 * may ask is refused when a page asks (Origin, Sec-Fetch-Site), or when the name in Host is a public one that was made to point here.
 * @throws LOCO-AGT-010 (not from there), -011 (no such path), -012 (not with this method).
 */
export function routeOf(asked: Asked): RouteName {
  const path = asked.url.split('?', 1)[0] ?? ''
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  const fromLoopback = isLoopback(asked.remote)
  if (route === undefined) {
    throw new LocoError('LOCO-AGT-011', { what: 'The agent has no such address.', why: `It serves ${Object.keys(routes).join(', ')}.` })
  }
  if (route.from === 'loopback' && !(fromLoopback && !fromPage(asked))) {
    throw new LocoError('LOCO-AGT-010', {
      what: `Only the loopback of the pod may ask for ${path}.`,
      why: fromLoopback ? 'This request was made by a web page.' : 'This request came over the pod network.',
      fix: ['Ask through a port-forward: kubectl port-forward, or loco screen.'],
    })
  }
  if (asked.method !== route.method && !(asked.method === 'HEAD' && route.method === 'GET')) {
    throw new LocoError('LOCO-AGT-012', { what: `${path} is asked with ${route.method}, not with ${asked.method}.` })
  }
  return route.name
}

/** The method that a path is served with, for the `Allow` header. */
export function allowOf(url: string): string | undefined {
  return routes[url.split('?', 1)[0] ?? '']?.method
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

function fromPage({ origin, fetchSite, host }: Asked): boolean {
  if (origin !== undefined || (fetchSite !== undefined && fetchSite !== 'none')) return true
  if (host === undefined) return false
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(name) === 0 && name.includes('.')
}
