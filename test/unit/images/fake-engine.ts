import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FakeEngine {
  /** `unix://…` */
  host: string
  /** Method and path with query of every request. */
  requests: string[]
  close(): Promise<void>
}

/** A fake Docker engine on a socket of its own: it answers by the given function, 404 where that gives nothing. */
export async function fakeEngine(answer: (path: string, request: IncomingMessage, response: ServerResponse) => boolean): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'loco-fake-engine-'))
  const socket = join(folder, 'docker.sock')
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    request.resume()
    if (!answer(request.url?.split('?')[0] ?? '', request, response)) {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end('{"message":"No such image: absent"}')
    }
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return {
    host: `unix://${socket}`,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function json(response: ServerResponse, status: number, value: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
  return true
}
