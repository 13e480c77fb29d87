import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'

const script = readFileSync(join(packageRoot(), 'helm', 'loco-chart', 'files', 'ask-health.mjs'), 'utf8')

/** Runs the script as the pod of `helm test` does. */
function ask(targets: readonly { name: string; url: string }[], deadline: number): Promise<{ code: number; lines: string[] }> {
  const env = { ...process.env, TARGETS: JSON.stringify(targets), DEADLINE: String(deadline) }
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', script], { env }, (error, stdout) =>
      resolve({ code: error === null ? 0 : Number(error.code), lines: stdout.trim().split('\n') }),
    )
  })
}

describe('the script of helm test', () => {
  const servers: Server[] = []
  after(() => {
    for (const server of servers) server.close()
  })
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready`
  }
  const answering = (status: number, body: string): Promise<string> => serve((_request, response) => response.writeHead(status).end(body))
  const agent = (verdict: string, sentence: string): string => JSON.stringify({ guest: { verdict, sentence } })

  it('all are well: says so of each, with the words of the agent', async () => {
    const targets = [
      { name: 'instance-0', url: await answering(200, agent('healthy', 'The picture moves.')) },
      { name: 'frontend', url: await answering(200, 'healthy\n') },
    ]
    assert.deepEqual(await ask(targets, 5), { code: 0, lines: ['well  instance-0  200 healthy: The picture moves.', 'well  frontend  200'] })
  })

  it('waits for one that is not well yet', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked += 1
      response.writeHead(asked < 2 ? 503 : 200).end(agent('starting', 'It starts.'))
    })
    assert.deepEqual(await ask([{ name: 'instance-0', url }], 20), { code: 0, lines: ['well  instance-0  200 starting: It starts.'] })
    assert.equal(asked, 2)
  })

  it('fails when the time is up, names who is not well and why, and still tells who is', async () => {
    const targets = [
      { name: 'instance-0', url: await answering(503, agent('unhealthy', 'The guest is frozen.')) },
      { name: 'instance-1', url: 'http://127.0.0.1:1/ready' },
      { name: 'instance-2', url: await answering(200, '') },
    ]
    const { code, lines } = await ask(targets, 0)
    assert.equal(code, 1)
    assert.match(lines[0] ?? '', /^NOT WELL {2}instance-0 {2}503 unhealthy: The guest is frozen\.$/)
    assert.match(lines[1] ?? '', /^NOT WELL {2}instance-1 {2}no answer: .*(ECONNREFUSED|bad port)/)
    assert.match(lines[2] ?? '', /^well {2}instance-2 {2}200/)
  })

  it('a fleet of none is well', async () => assert.deepEqual(await ask([], 5), { code: 0, lines: [''] }))
})
