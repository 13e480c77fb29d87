import assert from 'node:assert/strict'
import { chainsIn, emptyNewTables, removalOf } from '../../../src/sandbox/firewall.ts'

const persons = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
`
const natOfPod = `*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:CNI-DN-0123456789abcdef01234 - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A CNI-DN-0123456789abcdef01234 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.213.0.3:8080
-A CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 80 -j CNI-DN-0123456789abcdef01234
COMMIT
`
const ourForward = '-A FORWARD -i loco-cni0 -m comment --comment loco-cluster -j ACCEPT'

const cases: [what: string, before: string, now: string, removal: string][] = [
  ['nothing changed', persons, persons, ''],
  ['empty', '', '', ''],
  [
    'chains of a pod’s host port go with what leads to them',
    persons,
    persons + natOfPod,
    `*nat
-D PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-D OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-F CNI-DN-0123456789abcdef01234
-F CNI-HOSTPORT-DNAT
-X CNI-DN-0123456789abcdef01234
-X CNI-HOSTPORT-DNAT
COMMIT
`,
  ],
  ['chains that a person’s podman had before stay', persons + natOfPod, persons + natOfPod, ''],
  [
    'our rule in a person’s chain goes, theirs stay',
    persons,
    persons.replace('COMMIT', `${ourForward}\nCOMMIT`),
    `*filter\n-D ${ourForward.slice(3)}\nCOMMIT\n`,
  ],
  ['a new rule of the person’s stays', persons, persons.replace('COMMIT', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\nCOMMIT'), ''],
  ['a new chain of the person’s stays', persons, persons.replace(':DOCKER-USER', ':MINE - [0:0]\n:DOCKER-USER'), ''],
]

describe('firewall', () => {
  for (const [what, before, now, removal] of cases) it(what, () => assert.equal(removalOf(before, now), removal))

  it('chains by table', () => {
    assert.deepEqual(
      [...chainsIn(persons)].map(([table, chains]) => [table, [...chains]]),
      [['filter', ['INPUT', 'FORWARD', 'DOCKER-USER']]],
    )
  })

  const bare = '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n'
  const tables: [what: string, before: string, now: string, empty: string[]][] = [
    ['a new table with nothing in it', persons, persons + bare, ['nat']],
    ['one that was there before', bare, bare, []],
    ['a new one with a rule', persons, persons + natOfPod, []],
    ['a new one with a policy', '', '*filter\n:INPUT DROP [0:0]\nCOMMIT\n', []],
  ]
  for (const [what, before, now, empty] of tables) it(`empty tables: ${what}`, () => assert.deepEqual(emptyNewTables(before, now), empty))
})
