import type { LocoCode } from '../../../src/base/codes.ts'

/** What helm says when it fails: [how it was provoked, its words, the code they mean, a fragment that the message must hold]. */
export type HelmWords = [provoked: string, words: string, code: LocoCode, tells: string]

/** Words of a real Helm 4.3.1, without a cluster. test/chart/helm.test.ts provokes most of them again. */
export const offlineWords: HelmWords[] = [
  [
    'a template that renders broken YAML',
    `Error: YAML parse error on loco/templates/zz.yaml: error converting YAML to JSON: yaml: line 4: did not find expected key

Use --debug flag to render out invalid YAML
`,
    'LOCO-CHT-011',
    'Line 4 of what it renders',
  ],
  [
    'a value that does not exist below one that does not exist',
    `Error: loco/templates/zz.yaml:1:13
  executing "loco/templates/zz.yaml" at <.Values.emulator.nothing.here>:
    nil pointer evaluating interface {}.here

Use --debug flag to render out invalid YAML
`,
    'LOCO-CHT-014',
    '.Values.emulator.nothing.here: nil pointer evaluating interface {}.here',
  ],
  [
    'a template that cannot be parsed',
    `Error: parse error at (loco/templates/zz.yaml:1): unexpected <.> in operand

Use --debug flag to render out invalid YAML
`,
    'LOCO-CHT-014',
    'loco/templates/zz.yaml is wrong in line 1',
  ],
  [
    'a named template that does not exist',
    `Error: loco/templates/zz.yaml:1:6
  executing "loco/templates/zz.yaml" at <include "no.such" .>:
    error calling include:
template: no template "no.such" associated with template "gotpl"

Use --debug flag to render out invalid YAML
`,
    'LOCO-CHT-014',
    'no template "no.such"',
  ],
  [
    'the same, as Helm 3.18 says it',
    'Error: template: loco/templates/zz.yaml:1:13: executing "loco/templates/zz.yaml" at <.Values.emulator.nothing.here>: nil pointer evaluating interface {}.here\n',
    'LOCO-CHT-014',
    'loco/templates/zz.yaml is wrong in line 1',
  ],
  [
    'a chart for a newer Kubernetes',
    'Error: chart requires kubeVersion: >=1.99.0-0 which is incompatible with Kubernetes v1.37.0\n\nUse --debug flag to render out invalid YAML\n',
    'LOCO-CHT-017',
    'needs Kubernetes >=1.99.0-0, and the cluster runs v1.37.0',
  ],
  [
    'a schema that is no schema',
    `Error: values don't meet the specifications of the schema(s) in the following chart(s):
loco:
"file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with 'http://json-schema.org/draft-07/schema#'
- at '/properties/emulator/properties/image/pattern': '(?=x)([._/-]+[a-z0-9]+)*$' is not valid regex: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\`
`,
    'LOCO-CHT-014',
    'schema of the chart is itself wrong',
  ],
  [
    'an unknown strategy, and more',
    `Error: values don't meet the specifications of the schema(s) in the following chart(s):
loco:
- at '/storage/strategy': value must be one of 'ephemeral', 'persistent', 'hostpath', 'hybrid', 'csi-snapshot'
- at '/replicas': got string, want integer
- at '': additional properties 'zz' not allowed
`,
    'LOCO-CHT-012',
    'storage.strategy: value must be one of',
  ],
  [
    'an empty folder',
    'Error: unable to detect chart at /charts/empty/Chart.yaml: open /charts/empty/Chart.yaml: no such file or directory\n',
    'LOCO-CHT-010',
    'no chart in /charts/empty.',
  ],
  ['no folder', 'Error: path "./absent" not found\n', 'LOCO-CHT-010', 'no chart in ./absent.'],
  [
    'an empty folder, as lint says it',
    'Error unable to check Chart.yaml file in chart: stat empty/Chart.yaml: no such file or directory\n',
    'LOCO-CHT-010',
    'no chart in',
  ],
  [
    'a dependency that was not fetched',
    "Error: an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: x\n",
    'LOCO-CHT-010',
    'builds on x',
  ],
  [
    'values of the chart that are no YAML',
    'Error: cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content\n',
    'LOCO-CHT-015',
    'values.yaml is no YAML from line 1 on',
  ],
  [
    'a value that the chart refuses',
    `Error: execution error at (loco/templates/storage-strategy.yaml:131:4): storage.retention says Delete, which storage.strategy hostpath cannot keep: Kubernetes deletes no folder of a node. Set both to Retain; loco destroy --delete-data deletes the folders.

Use --debug flag to render out invalid YAML
`,
    'LOCO-CHT-013',
    'storage.retention says Delete, which storage.strategy hostpath cannot keep',
  ],
  [
    'claims that would have to change',
    `Error: UPGRADE FAILED: execution error at (loco/templates/storage-strategy.yaml:131:4): The claims of the emulators cannot change while the StatefulSet exists: they are (disk 10Gi, class default), and these values ask for (hostdisk 10Gi, class none). Move the disks with: loco storage migrate --to hostpath; or take the changed value of storage back.

Use --debug flag to render out invalid YAML
`,
    'LOCO-CHT-023',
    'they are (disk 10Gi, class default), and these values ask for (hostdisk 10Gi, class none)',
  ],
  [
    'a values file with two colons',
    'Error: failed to parse bad.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: mapping values are not allowed in this context\n',
    'LOCO-CHT-015',
    'bad.yaml is no YAML. mapping values are not allowed',
  ],
  [
    'a values file with a tab',
    'Error: failed to parse tab.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 2: found a tab character that violates indentation\n',
    'LOCO-CHT-015',
    'tab.yaml is no YAML from line 2 on',
  ],
  [
    'a values file with one word',
    'Error: failed to parse scalar.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}\n',
    'LOCO-CHT-015',
    'scalar.yaml is no mapping of names to values',
  ],
  ['no values file', 'Error: open absent.yaml: no such file or directory\n', 'LOCO-CHT-015', 'absent.yaml cannot be read'],
  [
    'a release name with capitals',
    `level=ERROR msg="release name check failed" error="release name \\"Loco_X\\": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53"
Error: release name check failed: release name "Loco_X": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53
`,
    'LOCO-CHT-018',
    'cannot be called "loco"',
  ],
  ['a flag that this helm does not have', 'Error: unknown flag: --nonsense\n', 'LOCO-CHT-090', 'unknown flag: --nonsense.'],
  ['no context of that name', 'Error: kubernetes cluster unreachable: context "nope" does not exist\n', 'LOCO-KUB-004', 'no context "nope"'],
  [
    'nothing listens',
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused\n',
    'LOCO-KUB-020',
    'Nothing listens at the address of the cluster of the context "loco-sandbox"',
  ],
  [
    'no such host',
    'Error: kubernetes cluster unreachable: Get "https://no.such.host.invalid:6443/version": dial tcp: lookup no.such.host.invalid on 10.0.0.1:53: no such host\n',
    'LOCO-KUB-021',
    'no.such.host.invalid',
  ],
  [
    'a broken kubeconfig',
    'Error: kubernetes cluster unreachable: error loading config file "/home/me/kc.yaml": yaml: line 1: did not find expected node content\n',
    'LOCO-KUB-003',
    '/home/me/kc.yaml',
  ],
]

/** Words of a real Helm 4.3.1 and a real API server 1.34. test/cluster/chart provokes most of them again. */
export const clusterWords: HelmWords[] = [
  ['no release, for status and history', 'Error: release: not found\n', 'LOCO-CHT-020', 'no release loco in namespace loco'],
  ['no release, for uninstall', 'Error: uninstall: Release not loaded: loco: release: not found\n', 'LOCO-CHT-020', 'no release loco'],
  [
    'a release that is half-way',
    'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n',
    'LOCO-CHT-021',
    'or died while it did',
  ],
  [
    "somebody else's object",
    'Error: unable to continue with install: ServiceAccount "loco-loco-emulator" in namespace "toys" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "loco"; annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "toys"\n',
    'LOCO-CHT-022',
    'The ServiceAccount loco-loco-emulator in namespace toys exists',
  ],
  [
    'another storage strategy',
    "level=WARN msg=\"upgrade failed\" name=loco error=\"\u2026\"\nError: UPGRADE FAILED: server-side apply failed for object loco/loco-loco-emulator apps/v1, Kind=StatefulSet: StatefulSet.apps \"loco-loco-emulator\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden\n",
    'LOCO-CHT-023',
    'StatefulSet of loco',
  ],
  ['no namespace', 'Error: create: failed to create: namespaces "no-such-ns" not found\n', 'LOCO-KUB-012', 'There is no namespace no-such-ns.'],
  [
    'a kind that the cluster does not have',
    'Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: "a" namespace: "" from "": no matches for kind "Thing" in version "acme.io/v1"\nensure CRDs are installed first\n',
    'LOCO-KUB-015',
    'no objects of the kind Thing',
  ],
  [
    'a cluster without the Prometheus operator',
    'Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: "loco-loco-alerts" namespace: "loco" from "": no matches for kind "PrometheusRule" in version "monitoring.coreos.com/v1"\nensure CRDs are installed first\n',
    'LOCO-KUB-015',
    'no objects of the kind PrometheusRule',
  ],
  [
    'a field that does not exist',
    'Error: server-side apply failed for object toys/a /v1, Kind=ConfigMap: failed to create typed patch object (toys/a; /v1, Kind=ConfigMap): .datum: field not declared in schema\n',
    'LOCO-KUB-015',
    'the ConfigMap a of the chart wrong. .datum: field not declared in schema',
  ],
  [
    'a wrong field',
    'Error: UPGRADE FAILED: failed to create resource: server-side apply failed for object toys/A_b /v1, Kind=Service: Service "A_b" is invalid: [metadata.name: Invalid value: "A_b": a DNS-1035 label must consist of lower case alphanumeric characters, spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive]\n',
    'LOCO-KUB-015',
    'the Service A_b of the chart wrong. [metadata.name: Invalid value',
  ],
  [
    'a quota that is used up',
    'Error: server-side apply failed for object toys/loco-loco-emulator /v1, Kind=Service: services "loco-loco-emulator" is forbidden: exceeded quota: q, requested: services=1, used: services=0, limited: services=0\n',
    'LOCO-KUB-011',
    'exceeded quota: q',
  ],
  [
    'no rights, for status and upgrade',
    'Error: query: failed to query with labels: secrets is forbidden: User "system:serviceaccount:toys:visitor" cannot list resource "secrets" in API group "" in the namespace "toys"\n',
    'LOCO-KUB-011',
    'cannot list resource "secrets"',
  ],
  [
    'no rights, for uninstall',
    'Error: uninstall: Release not loaded: loco: query: failed to query with labels: secrets is forbidden: User "system:serviceaccount:toys:visitor" cannot list resource "secrets" in API group "" in the namespace "toys"\n',
    'LOCO-KUB-011',
    'cannot list resource "secrets"',
  ],
  [
    'a token that nobody knows',
    'Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials\n',
    'LOCO-KUB-010',
    'does not know you',
  ],
  [
    'an unknown authority',
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:6443/version": tls: failed to verify certificate: x509: certificate signed by unknown authority\n',
    'LOCO-KUB-031',
    'is not trusted',
  ],
  ['a server that is busy', 'Error: kubernetes cluster unreachable: the server is currently unable to handle the request\n', 'LOCO-KUB-017', 'has a fault'],
  [
    'a server without TLS',
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:18099/version": http: server gave HTTP response to HTTPS client\n',
    'LOCO-KUB-034',
    'does not speak TLS',
  ],
  [
    'a template that may not look',
    'Error: template: loco/templates/storage-strategy.yaml:60:12: executing "loco.storage.node" at <lookup "v1" "Node" "" "">: error calling lookup: nodes is forbidden: User "visitor" cannot list resource "nodes" in API group "" at the cluster scope\n',
    'LOCO-KUB-011',
    'cannot list resource "nodes"',
  ],
  [
    'a template that looks for what the cluster does not have',
    'Error: template: loco/templates/storage-strategy.yaml:96:12: executing "loco.storage.check" at <lookup "apps/v1" "StatefulSet" .Release.Namespace "a">: error calling lookup: unable to get apiresource from unstructured: apps/v1, Kind=StatefulSet: the server could not find the requested resource\n',
    'LOCO-KUB-025',
    'unable to get apiresource',
  ],
]
