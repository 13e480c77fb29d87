import assert from 'node:assert/strict'
import { compareManifests } from '../../../src/chart/compare.ts'

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  type: ClusterIP\n  ports: [{port: 80}]\n'
const set = (replicas: number): string => `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: b\nspec:\n  replicas: ${replicas}\n`
const secret = (value: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {token: ${value}}\nstringData: {plain: open-sesame}\n`
const join = (...documents: string[]): string => documents.map((text) => `---\n${text}`).join('')

describe('two manifests, resource by resource', () => {
  const cases: [what: string, before: string, after: string, expected: string[]][] = [
    ['nothing is deployed', '', join(service, set(1)), ['Service/a added', 'StatefulSet/b added']],
    ['nothing is rendered', join(service, set(1)), '', ['Service/a removed', 'StatefulSet/b removed']],
    ['one differs', join(service, set(1)), join(service, set(2)), ['Service/a unchanged', 'StatefulSet/b changed']],
    ['another order of documents', join(set(1), service), join(service, set(1)), ['Service/a unchanged', 'StatefulSet/b unchanged']],
    ['comments and sources', join(service), join(`# Source: loco/templates/a.yaml\n${service}`), ['Service/a unchanged']],
    [
      'another order of keys',
      join(service),
      join('kind: Service\nspec: {ports: [{port: 80}], type: "ClusterIP"}\nmetadata: {name: a}\napiVersion: v1\n'),
      ['Service/a unchanged'],
    ],
    ['another name', join(service), join(service.replace('name: a', 'name: c')), ['Service/c added', 'Service/a removed']],
    ['another namespace', join(service), join(service.replace('name: a', 'name: a\n  namespace: toys')), ['toys/Service/a added', 'Service/a removed']],
    ['the namespace of the release spelt out', join(service), join(service.replace('name: a', 'name: a\n  namespace: own')), ['Service/a changed']],
    ['empty documents', join('', service, '# nothing\n'), join(service), ['Service/a unchanged']],
    ['a secret of another value', join(secret('YQ==')), join(secret('Yg==')), ['Secret/s changed']],
  ]
  for (const [what, before, after, expected] of cases)
    it(what, () =>
      assert.deepEqual(
        compareManifests(before, after, 'own').map(({ name, change }) => `${name} ${change}`),
        expected,
      ),
    )

  it('gives both texts, what a reader looks for first at the beginning', () => {
    const [change] = compareManifests(join(set(1)), join(set(2)), 'own')
    assert.equal(change?.before, 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: b\nspec:\n  replicas: 1\n')
    assert.equal(change?.after.split('\n').at(-2), '  replicas: 2')
  })

  it('shows nothing of what a Secret holds', () => {
    const [change] = compareManifests(join(secret('YQ==')), join(secret('Yg==')), 'own')
    for (const text of [change?.before ?? '', change?.after ?? '']) {
      assert.doesNotMatch(text, /YQ==|Yg==|sesame/)
      assert.match(text, /token: <[0-9a-f]{8}>/)
    }
  })

  it('keeps quotes where YAML 1.1 needs them', () => {
    const [change] = compareManifests('', join('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "yes", b: "0777", c: "x"}\n'), 'own')
    assert.match(change?.after ?? '', /a: "yes"\n {2}b: "0777"\n {2}c: x\n/)
  })
})
