import assert from 'node:assert/strict'
import { type Asked, isLoopback, routeOf } from '../../../containers/qemu-softgpu/agent/routes.ts'

const local: Asked = { method: 'GET', url: '/health', remote: '127.0.0.1', host: 'localhost:8080', origin: undefined, fetchSite: undefined }

describe('routes', () => {
  const cases: [string, Partial<Asked>, string][] = [
    ['health', {}, 'health'],
    ['the root is health', { url: '/' }, 'health'],
    ['a query is ignored', { url: '/ready?x=1' }, 'ready'],
    ['HEAD is GET', { method: 'HEAD' }, 'health'],
    ['health over the pod network', { remote: '10.244.0.9' }, 'health'],
    ['metrics over the pod network', { remote: '10.244.0.9', url: '/metrics' }, 'metrics'],
    ['health as a kubelet asks', { remote: '10.244.0.1', host: '10.244.0.9:8080' }, 'health'],
    ['screen through a port-forward', { url: '/screen.png' }, 'screen'],
    ['screen, IPv6', { url: '/screen.png', remote: '::1', host: '[::1]:8080' }, 'screen'],
    ['screen, IPv4 in IPv6', { url: '/screen.png', remote: '::ffff:127.0.0.1' }, 'screen'],
    ['screen with the name of the pod', { url: '/screen.png', host: 'loco-loco-emulator-0' }, 'screen'],
    ['screen over the pod network', { url: '/screen.png', remote: '10.244.0.9' }, 'LOCO-AGT-010'],
    ['keys over the pod network', { url: '/input/keys', method: 'POST', remote: '::ffff:10.244.0.9' }, 'LOCO-AGT-010'],
    ['reset over the pod network', { url: '/reset', method: 'POST', remote: 'fd00::9' }, 'LOCO-AGT-010'],
    ['an address that is not known', { url: '/reset', method: 'POST', remote: undefined }, 'LOCO-AGT-010'],
    ['reset by a web page', { url: '/reset', method: 'POST', origin: 'https://example.com' }, 'LOCO-AGT-010'],
    ['reset by a page without a name', { url: '/reset', method: 'POST', origin: 'null' }, 'LOCO-AGT-010'],
    ['picture by a page', { url: '/screen.png', fetchSite: 'cross-site' }, 'LOCO-AGT-010'],
    ['picture, typed into the address bar', { url: '/screen.png', fetchSite: 'none' }, 'screen'],
    ['picture by a name that was turned to this machine', { url: '/screen.png', host: 'rebind.example.com:8080' }, 'LOCO-AGT-010'],
    ['no such path', { url: '/nope' }, 'LOCO-AGT-011'],
    ['a path that objects inherit', { url: '/constructor' }, 'LOCO-AGT-011'],
    ['a URL that is none', { url: '' }, 'LOCO-AGT-011'],
    ['health with DELETE', { method: 'DELETE' }, 'LOCO-AGT-012'],
    ['reset with GET', { url: '/reset' }, 'LOCO-AGT-012'],
  ]
  for (const [name, asked, expected] of cases) {
    it(`${name} → ${expected}`, () => {
      if (expected.startsWith('LOCO')) assert.throws(() => routeOf({ ...local, ...asked }), { code: expected })
      else assert.equal(routeOf({ ...local, ...asked }), expected)
    })
  }

  for (const [address, expected] of [
    ['127.0.0.1', true],
    ['127.8.0.1', true],
    ['::1', true],
    ['127.evil', false],
    ['::ffff:128.0.0.1', false],
    ['10.0.0.1', false],
  ] as const) {
    it(`${address} is ${expected ? '' : 'not '}loopback`, () => assert.equal(isLoopback(address), expected))
  }
})
