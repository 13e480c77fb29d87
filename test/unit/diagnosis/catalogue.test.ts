import assert from 'node:assert/strict'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { catalogue } from '../../../src/diagnosis/catalogue.ts'
import { diagnoseClaim, diagnoseController, diagnoseNode, diagnosePod } from '../../../src/diagnosis/diagnose.ts'
import type { KubeEvent, Pod } from '../../../src/diagnosis/evidence.ts'
import { claim, controller, crashed, event, image, node, now, pod, preparing, running, unplaced, waiting } from './given.ts'

type Case = [expected: string, name: string, findings: Finding[]]

const ofPod = (from: Pod, ...events: KubeEvent[]): Finding[] => diagnosePod({ pod: from, events, now })
const ofClaim = (reason: string, message: string, more = {}): Finding[] =>
  diagnoseClaim({ claim: claim(more), events: [event(reason, message, { uid: 'claim-1', container: '' })] }, { now })
const ofController = (message: string): Finding[] =>
  diagnoseController({ controller, events: [event('FailedCreate', message, { uid: 'set-1', container: '' })], pods: [] }, { now })
const ofNode = (type: string, status: string, message?: string): Finding[] => diagnoseNode(node(type, status, message), { now })

/** Newer kubelets say the cause in the waiting message as well; older ones only in the event, beside an empty back-off message. */
const pull = (words: string): Finding[] => ofPod(waiting('ErrImagePull', words), event('Failed', `Failed to pull image "${image}": ${words}`))
const backOff = (words: string): Finding[] =>
  ofPod(
    waiting('ImagePullBackOff', `Back-off pulling image "${image}"`),
    event('Failed', 'Error: ImagePullBackOff', { last: 1 }),
    event('Failed', 'Error: ErrImagePull', { last: 2 }),
    event('Failed', `Failed to pull image "${image}": ${words}`, { last: 2 }),
  )
const configError = (words: string): Finding[] => ofPod(waiting('CreateContainerConfigError', words), event('Failed', `Error: ${words}`))
const createError = (words: string): Finding[] => ofPod(waiting('CreateContainerError', words), event('Failed', `Error: ${words}`))
const mount = (words: string): Finding[] => ofPod(preparing(), event('FailedMount', words, { container: '', first: 120 }))
const attach = (words: string): Finding[] => ofPod(preparing(), event('FailedAttachVolume', words, { container: '', first: 120 }))
const sandbox = (words: string): Finding[] => ofPod(preparing(), event('FailedCreatePodSandBox', words, { container: '', first: 120 }))
const probe = (words: string, status = {}): Finding[] => ofPod(running({ ready: false, ...status }), event('Unhealthy', words))
const killed = (words: string, exit = 137): Finding[] =>
  ofPod(crashed(exit), event('Killing', words, { last: 20 }), event('Unhealthy', 'probe failed', { last: 25 }))

const cases: Case[] = [
  // containerd 1.6 with kubelet 1.34; Docker 20.10; CRI-O; back-off of kubelets before 1.32
  [
    'LOCO-IMG-001',
    'containerd',
    pull(
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/busybox:nope": failed to resolve reference "docker.io/library/busybox:nope": docker.io/library/busybox:nope: not found',
    ),
  ],
  [
    'LOCO-IMG-001',
    'docker',
    pull('rpc error: code = Unknown desc = Error response from daemon: manifest for busybox:nope not found: manifest unknown: manifest unknown'),
  ],
  ['LOCO-IMG-001', 'cri-o', backOff('rpc error: code = Unknown desc = reading manifest nope in docker.io/library/busybox: manifest unknown: manifest unknown')],
  [
    'LOCO-IMG-002',
    'docker',
    pull(
      "rpc error: code = Unknown desc = Error response from daemon: pull access denied for compose-emulator-0, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ),
  ],
  [
    'LOCO-IMG-002',
    'containerd',
    backOff(
      'failed to pull and unpack image "docker.io/library/compose-emulator-0:abc": failed to resolve reference "docker.io/library/compose-emulator-0:abc": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ),
  ],
  [
    'LOCO-IMG-002',
    'containerd token',
    pull(
      'failed to resolve reference "ghcr.io/x/y:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden',
    ),
  ],
  [
    'LOCO-IMG-002',
    'docker unauthorized',
    pull('Error response from daemon: Head "https://registry.example/v2/x/manifests/1": unauthorized: authentication required'),
  ],
  [
    'LOCO-IMG-003',
    'containerd',
    pull(
      'failed to do request: Head "https://reg.local:5000/v2/x/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
  ],
  ['LOCO-IMG-003', 'docker', backOff('Error response from daemon: Get "https://reg.local:5000/v2/": x509: certificate signed by unknown authority')],
  [
    'LOCO-IMG-004',
    'expired',
    pull(
      'failed to do request: Head "https://reg.local/v2/x/manifests/1": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-20T12:00:00Z is after 2026-01-01T00:00:00Z',
    ),
  ],
  ['LOCO-IMG-004', 'other name', pull('Get "https://reg.local/v2/": x509: certificate is valid for registry.example, not reg.local')],
  ['LOCO-IMG-004', 'no IP SAN', pull(`Get "https://10.0.0.5:5000/v2/": x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs`)],
  [
    'LOCO-IMG-005',
    'containerd, docker',
    pull('failed to do request: Head "https://reg.local:5000/v2/x/manifests/1": http: server gave HTTP response to HTTPS client'),
  ],
  ['LOCO-IMG-005', 'older Go', pull('Get https://reg.local:5000/v2/: tls: first record does not look like a TLS handshake')],
  [
    'LOCO-IMG-006',
    'lookup',
    pull('failed to do request: Head "https://reg.nowhere.invalid/v2/x/manifests/1": dial tcp: lookup reg.nowhere.invalid on 10.0.0.2:53: no such host'),
  ],
  [
    'LOCO-IMG-006',
    'time-out',
    backOff(
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    ),
  ],
  [
    'LOCO-IMG-006',
    'refused',
    pull('failed to do request: Head "https://localhost:5001/v2/x/manifests/1": dial tcp 127.0.0.1:5001: connect: connection refused'),
  ],
  ['LOCO-IMG-006', 'registry down', pull('unexpected status from HEAD request to https://reg.local/v2/x/manifests/1: 503 Service Unavailable')],
  [
    'LOCO-IMG-007',
    'docker hub',
    ofPod(
      waiting('ImagePullBackOff', 'Back-off'),
      event(
        'Failed',
        'Failed to pull image: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
        { first: 200 },
      ),
    ),
  ],
  [
    'LOCO-IMG-007',
    'containerd',
    ofPod(
      waiting('ImagePullBackOff', 'Back-off'),
      event('Failed', 'unexpected status from HEAD request to https://registry-1.docker.io/v2/library/busybox/manifests/1: 429 Too Many Requests', {
        first: 200,
      }),
    ),
  ],
  ['LOCO-IMG-008', 'containerd', pull('failed to pull and unpack image "docker.io/x/y:1": no match for platform in manifest: not found')],
  ['LOCO-IMG-008', 'docker', backOff('Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries')],
  ['LOCO-IMG-008', 'cri-o', pull('choosing image instance: no image found in manifest list for architecture arm64, variant "v8", OS linux')],
  [
    'LOCO-IMG-009',
    'containerd',
    pull(
      'failed to pull and unpack image "docker.io/x/y:1": failed to extract layer sha256:aa: mount callback failed on /var/lib/containerd/tmp: write /usr/lib/libx.so: no space left on device: unknown',
    ),
  ],
  [
    'LOCO-IMG-009',
    'docker',
    pull('Error response from daemon: failed to register layer: Error processing tar file(exit status 1): write /usr/lib/libx.so: no space left on device'),
  ],
  [
    'LOCO-IMG-010',
    'kubelet 1.34',
    ofPod(
      waiting('ErrImageNeverPull', `Container image "${image}" is not present with pull policy of Never`),
      event('ErrImageNeverPull', `Container image "${image}" is not present with pull policy of Never`),
    ),
  ],
  ['LOCO-IMG-010', 'without message', ofPod(waiting('ErrImageNeverPull'), event('Failed', 'Error: ErrImageNeverPull'))],
  [
    'LOCO-IMG-011',
    'kubelet 1.34',
    ofPod(
      waiting(
        'InvalidImageName',
        `Failed to apply default image tag "Loco:1": couldn't parse image name "Loco:1": invalid reference format: repository name must be lowercase`,
      ),
      event(
        'InspectFailed',
        `Failed to apply default image tag "Loco:1": couldn't parse image name "Loco:1": invalid reference format: repository name must be lowercase`,
      ),
    ),
  ],
  [
    'LOCO-IMG-011',
    'older kubelet',
    ofPod(
      waiting('InvalidImageName'),
      event('InspectFailed', `Failed to apply default image tag "x::1": couldn't parse image reference "x::1": invalid reference format`),
    ),
  ],
  [
    'LOCO-IMG-016',
    'same name, other content',
    diagnosePod({
      pod: running({ ready: true, imageID: `sha256:${'a'.repeat(64)}` }),
      events: [],
      now,
      expectedImageIds: { emulator: `sha256:${'b'.repeat(64)}` },
    }),
  ],
  ['LOCO-IMG-019', 'words nobody knows', ofPod(waiting('ErrImagePull', 'the gremlins ate it'), event('Failed', 'the gremlins ate it', { first: 120 }))],

  ['LOCO-CFG-001', 'env', configError('configmap "absent" not found')],
  ['LOCO-CFG-002', 'env', configError('secret "absent" not found')],
  ['LOCO-CFG-003', 'ConfigMap', configError("couldn't find key k in ConfigMap loco/settings")],
  ['LOCO-CFG-003', 'Secret', configError("couldn't find key token in Secret loco/agent")],
  ['LOCO-CFG-004', 'root', configError('container has runAsNonRoot and image will run as root (pod: "x_loco(1)", container: emulator)')],
  [
    'LOCO-CFG-004',
    'named user',
    configError('container has runAsNonRoot and image has non-numeric user (loco), cannot verify user is non-root (pod: "x_loco(1)", container: emulator)'),
  ],
  ['LOCO-CFG-005', 'containerd: no command', createError('failed to generate container "aa" spec: failed to generate spec: no command specified')],
  [
    'LOCO-CFG-005',
    'containerd: device',
    createError('failed to generate container "aa" spec: failed to generate spec: lstat /dev/kvm: no such file or directory'),
  ],
  [
    'LOCO-CFG-005',
    'docker: device',
    createError('Error response from daemon: error gathering device information while adding custom device "/dev/kvm": no such file or directory'),
  ],
  ['LOCO-CFG-005', 'containerd: name', createError('failed to reserve container name "emulator_x_loco_1_0": name "emulator_x_loco_1_0" is reserved for "bb"')],
  ['LOCO-CFG-005', 'time-out', createError('context deadline exceeded')],
  [
    'LOCO-CFG-006',
    'containerd 1.6',
    ofPod(
      crashed(128, {
        reason: 'StartError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown',
      }),
    ),
  ],
  [
    'LOCO-CFG-006',
    'waiting',
    ofPod(
      waiting(
        'RunContainerError',
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
      ),
      event(
        'Failed',
        'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
      ),
    ),
  ],
  [
    'LOCO-CFG-006',
    'docker',
    ofPod(
      crashed(127, {
        reason: 'ContainerCannotRun',
        message: 'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/entry.sh": permission denied: unknown',
      }),
    ),
  ],
  [
    'LOCO-CFG-007',
    'memory limit',
    ofPod(
      crashed(128, {
        reason: 'StartError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown',
      }),
    ),
  ],
  [
    'LOCO-CFG-007',
    'file over folder',
    ofPod(
      crashed(128, {
        reason: 'StartError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/var/lib/kubelet/pods/1/volumes/x" to rootfs at "/etc/x": mount /x:/etc/x, flags: 0x5001: not a directory: unknown',
      }),
    ),
  ],
  [
    'LOCO-CFG-008',
    'docker',
    ofPod(
      crashed(128, {
        reason: 'ContainerCannotRun',
        message:
          'OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: Running hook #0 failed: unknown',
      }),
    ),
  ],
  ['LOCO-CFG-011', 'words nobody knows', configError('the gremlins ate the config')],

  ['LOCO-RUN-002', 'exit 1', ofPod(crashed(1))],
  [
    'LOCO-RUN-002',
    'exit 2 between two tries',
    ofPod(
      pod({ restartCount: 3, state: { terminated: { exitCode: 2, reason: 'Error', finishedAt: new Date(now - 1000).toISOString() } } }, { phase: 'Running' }),
    ),
  ],
  [
    'LOCO-RUN-002',
    'running again, not ready',
    ofPod(running({ restartCount: 3, lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: new Date(now - 61_000).toISOString() } } })),
  ],
  ['LOCO-RUN-003', 'exit 126', ofPod(crashed(126))],
  ['LOCO-RUN-003', 'exit 127', ofPod(crashed(127))],
  ['LOCO-RUN-004', 'limit', ofPod(crashed(137, { reason: 'OOMKilled', crashes: 2 }))],
  ['LOCO-RUN-005', 'killed', ofPod(crashed(137))],
  ['LOCO-RUN-006', 'segmentation fault', ofPod(crashed(139))],
  ['LOCO-RUN-006', 'abort', ofPod(crashed(134))],
  ['LOCO-RUN-007', 'completed', ofPod(crashed(0, { crashes: 2 }))],
  ['LOCO-RUN-007', 'exit 143', ofPod(crashed(143))],
  ['LOCO-RUN-001', 'exit 255', ofPod(crashed(255))],
  [
    'LOCO-RUN-008',
    'init',
    ofPod({
      ...pod(),
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'copy',
            restartCount: 2,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: new Date(now - 1000).toISOString() } },
          },
        ],
      },
    }),
  ],
  [
    'LOCO-RUN-014',
    'failed for good',
    diagnosePod(
      { pod: pod({}, { phase: 'Failed', reason: 'UnexpectedAdmissionError', message: 'Pod was rejected', containerStatuses: [] }), events: [], now },
      { now, seen: { 'LOCO-RUN-014 ': now - 61_000 } },
    ),
  ],
  [
    'LOCO-NOD-001',
    'evicted',
    ofPod(pod({}, { phase: 'Failed', reason: 'Evicted', message: 'Usage of EmptyDir volume "images" exceeds the limit "1Gi". ', containerStatuses: [] })),
  ],

  ['LOCO-PRB-001', 'not started yet', probe('Startup probe failed: HTTP probe failed with statuscode: 503', { started: false })],
  ['LOCO-PRB-001', 'killed twice', killed('Container emulator failed startup probe, will be restarted')],
  ['LOCO-PRB-002', 'killed twice', killed('Container emulator failed liveness probe, will be restarted')],
  ['LOCO-PRB-002', 'ended well when killed', killed('Container emulator failed liveness probe, will be restarted', 0)],
  ['LOCO-PRB-002', 'fails, not yet killed', probe('Liveness probe failed: HTTP probe failed with statuscode: 503')],
  ['LOCO-PRB-003', 'http', probe('Readiness probe failed: HTTP probe failed with statuscode: 503')],
  ['LOCO-PRB-003', 'exec absent', probe('Readiness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container')],
  ['LOCO-PRB-004', 'http', probe('Readiness probe failed: Get "http://10.88.0.7:8080/ready": dial tcp 10.88.0.7:8080: connect: connection refused')],
  [
    'LOCO-PRB-004',
    'startup',
    probe('Startup probe failed: Get "http://10.88.0.7:8080/startup": dial tcp 10.88.0.7:8080: connect: connection refused', { started: false }),
  ],
  [
    'LOCO-PRB-005',
    'http',
    probe('Readiness probe failed: Get "http://10.88.0.7:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
  ],
  ['LOCO-PRB-005', 'exec', probe('Readiness probe failed: command timed out: "sleep 10" timed out after 1s')],

  [
    'LOCO-SCH-001',
    '1.34',
    ofPod(
      unplaced(
        '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      ),
    ),
  ],
  ['LOCO-SCH-001', '1.20', ofPod(unplaced('0/3 nodes are available: 3 Insufficient cpu.'))],
  [
    'LOCO-SCH-002',
    '1.27',
    ofPod(unplaced('0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod..')),
  ],
  [
    'LOCO-SCH-003',
    '1.34',
    ofPod(
      unplaced(
        '0/1 nodes are available: 1 Insufficient ephemeral-storage. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      ),
    ),
  ],
  [
    'LOCO-SCH-004',
    '1.34',
    ofPod(
      unplaced(
        '0/1 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
      ),
    ),
  ],
  [
    'LOCO-SCH-005',
    'kvm',
    ofPod(
      unplaced(
        '0/1 nodes are available: 1 Insufficient devices.kubevirt.io/kvm. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      ),
    ),
  ],
  ['LOCO-SCH-005', 'gpu, old', ofPod(unplaced('0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'))],
  ['LOCO-SCH-006', '1.34', ofPod(unplaced("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate"))],
  ['LOCO-SCH-006', '1.19', ofPod(unplaced("0/3 nodes are available: 3 node(s) didn't match node selector."))],
  ['LOCO-SCH-007', 'own', ofPod(unplaced('0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: games}. preemption: 0/1 nodes are available'))],
  ['LOCO-SCH-007', 'control plane', ofPod(unplaced('0/1 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }.'))],
  ['LOCO-SCH-007', 'not ready', ofPod(unplaced('0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.', 61))],
  ['LOCO-SCH-007', '1.22', ofPod(unplaced("0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/disk-pressure: }, that the pod didn't tolerate."))],
  ['LOCO-SCH-008', '1.34', ofPod(unplaced('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found'))],
  [
    'LOCO-SCH-008',
    '1.28',
    ofPod(
      unplaced(
        '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod..',
      ),
    ),
  ],
  ['LOCO-SCH-008', '1.19', ofPod(unplaced('running "VolumeBinding" filter plugin for pod "x": pod has unbound immediate PersistentVolumeClaims'))],
  ['LOCO-SCH-009', '1.28', ofPod(unplaced('0/2 nodes are available: 2 node(s) had volume node affinity conflict.'))],
  ['LOCO-SCH-009', '1.34', ofPod(unplaced("0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity."))],
  ['LOCO-SCH-010', '1.34', ofPod(unplaced("0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind."))],
  ['LOCO-SCH-012', '1.34', ofPod(unplaced('0/1 nodes are available: persistentvolumeclaim "absent" not found. not found'))],
  [
    'LOCO-SCH-012',
    '1.25',
    ofPod(
      unplaced(
        '0/1 nodes are available: 1 persistentvolumeclaim "absent" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      ),
    ),
  ],
  ['LOCO-SCH-012', 'deleted', ofPod(unplaced('0/1 nodes are available: 1 persistentvolumeclaim "disk-x" is being deleted.'))],
  ['LOCO-SCH-015', '1.34', ofPod(unplaced("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."))],
  ['LOCO-SCH-020', 'words nobody knows', ofPod(unplaced('0/1 nodes are available: 1 node(s) had gremlins.'))],

  ['LOCO-VOL-001', 'configmap', mount('MountVolume.SetUp failed for volume "settings" : configmap "absent" not found')],
  ['LOCO-VOL-001', 'secret', mount('MountVolume.SetUp failed for volume "agent" : secret "absent" not found')],
  ['LOCO-VOL-001', 'key', mount('MountVolume.SetUp failed for volume "settings" : configmap references non-existent config key: nope')],
  ['LOCO-VOL-002', 'directory', mount('MountVolume.SetUp failed for volume "art" : hostPath type check failed: /srv/nope is not a directory')],
  ['LOCO-VOL-002', 'device', mount('MountVolume.SetUp failed for volume "kvm" : hostPath type check failed: /dev/kvm is not a character device')],
  [
    'LOCO-VOL-003',
    '1.34',
    mount('Unable to attach or mount volumes: unmounted volumes=[disk], unattached volumes=[], failed to process volumes=[]: context deadline exceeded'),
  ],
  [
    'LOCO-VOL-003',
    '1.20',
    mount('Unable to attach or mount volumes: unmounted volumes=[disk], unattached volumes=[disk token]: timed out waiting for the condition'),
  ],
  ['LOCO-VOL-006', 'pod named', attach('Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) loco-loco-emulator-0')],
  [
    'LOCO-VOL-006',
    'node only',
    attach('Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another'),
  ],
  [
    'LOCO-VOL-007',
    'attach',
    attach('AttachVolume.Attach failed for volume "pvc-1" : timed out waiting for external-attacher of hostpath.csi.loco CSI driver to attach volume vol-1'),
  ],
  [
    'LOCO-VOL-007',
    'mount',
    mount(
      'MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name hostpath.csi.loco not found in the list of registered CSI drivers',
    ),
  ],
  ['LOCO-VOL-009', 'words nobody knows', mount('MountVolume.SetUp failed for volume "x" : the gremlins ate it')],

  [
    'LOCO-POD-001',
    'bridge',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "aa": plugin type="bridge" failed (add): failed to set bridge addr',
    ),
  ],
  [
    'LOCO-POD-001',
    'addresses',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "aa": plugin type="host-local" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.88.0.1-10.88.0.254',
    ),
  ],
  [
    'LOCO-POD-001',
    'docker',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "aa" network for pod "x": networkPlugin cni failed to set up pod "x_loco" network',
    ),
  ],
  [
    'LOCO-POD-002',
    'runc',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown',
    ),
  ],
  [
    'LOCO-POD-003',
    'containerd',
    sandbox('Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "aa": no runtime for "kata" is configured'),
  ],
  ['LOCO-POD-003', 'docker', sandbox('Failed to create pod sandbox: rpc error: code = Unknown desc = RuntimeHandler "kata" not supported')],
  ['LOCO-POD-004', 'words nobody knows', sandbox('Failed to create pod sandbox: rpc error: code = Unknown desc = gremlins')],

  ['LOCO-PVC-001', '1.34', ofClaim('ProvisioningFailed', 'storageclass.storage.k8s.io "absent" not found')],
  ['LOCO-PVC-001', 'old', ofClaim('ProvisioningFailed', 'storageclass "absent" not found')],
  ['LOCO-PVC-002', '1.34', ofClaim('FailedBinding', 'no persistent volumes available for this claim and no storage class is set')],
  [
    'LOCO-PVC-003',
    'local-path 0.0.30',
    ofClaim(
      'ProvisioningFailed',
      'failed to provision volume with StorageClass "standard": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    ),
  ],
  [
    'LOCO-PVC-003',
    'local-path 0.0.20',
    ofClaim('ProvisioningFailed', 'failed to provision volume with StorageClass "local-path": Only support ReadWriteOnce access mode'),
  ],
  [
    'LOCO-PVC-004',
    'provisioner fails',
    diagnoseClaim(
      {
        claim: claim(),
        events: [
          event('ProvisioningFailed', 'failed to provision volume with StorageClass "standard": rpc error: code = ResourceExhausted desc = no space', {
            uid: 'claim-1',
            first: 90,
          }),
        ],
      },
      { now },
    ),
  ],
  [
    'LOCO-PVC-004',
    'provisioner silent',
    diagnoseClaim(
      {
        claim: claim(),
        events: [
          event(
            'ExternalProvisioning',
            "Waiting for a volume to be created either by the external provisioner 'x.csi' or manually by the system administrator.",
            { uid: 'claim-1', first: 90 },
          ),
        ],
      },
      { now },
    ),
  ],
  ['LOCO-PVC-005', 'consumer', ofClaim('WaitForFirstConsumer', 'waiting for first consumer to be created before binding')],
  ['LOCO-PVC-005', 'pod', ofClaim('WaitForPodScheduled', 'waiting for pod loco-loco-emulator-0 to be scheduled')],

  [
    'LOCO-CTL-001',
    'quota',
    ofController(
      'create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: pods "loco-loco-emulator-0" is forbidden: exceeded quota: few, requested: pods=1, used: pods=0, limited: pods=0',
    ),
  ],
  [
    'LOCO-CTL-002',
    'restricted',
    ofController(
      'create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: pods "loco-loco-emulator-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "emulator" must set securityContext.allowPrivilegeEscalation=false)',
    ),
  ],
  [
    'LOCO-CTL-003',
    'denied',
    ofController('create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: admission webhook "policy.example" denied the request: no.'),
  ],
  [
    'LOCO-CTL-003',
    'webhook away',
    diagnoseController(
      {
        controller,
        events: [
          event(
            'FailedCreate',
            'create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: Internal error occurred: failed calling webhook "policy.example": failed to call webhook: Post "https://policy.x.svc:443/": context deadline exceeded',
            { uid: 'set-1', first: 90 },
          ),
        ],
        pods: [],
      },
      { now },
    ),
  ],
  [
    'LOCO-CTL-004',
    '1.34',
    ofController(
      'create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: pods "loco-loco-emulator-0" is forbidden: error looking up service account loco/absent: serviceaccount "absent" not found',
    ),
  ],
  ['LOCO-CTL-010', 'words nobody knows', ofController('create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: gremlins')],

  ['LOCO-NOD-006', 'kubelet silent', ofNode('Ready', 'Unknown', 'Kubelet stopped posting node status.')],
  [
    'LOCO-NOD-006',
    'network plugin',
    ofNode(
      'Ready',
      'False',
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    ),
  ],
  ['LOCO-NOD-006', 'disk', ofNode('DiskPressure', 'True', 'kubelet has disk pressure')],
  ['LOCO-NOD-006', 'memory', ofNode('MemoryPressure', 'True')],
  ['LOCO-NOD-006', 'processes', ofNode('PIDPressure', 'True')],
  ['LOCO-NOD-006', 'network', ofNode('NetworkUnavailable', 'True')],
]

describe('diagnosis: the catalogue', () => {
  for (const [code, name, findings] of cases) {
    it(`${code} ${name}`, () => {
      assert.deepEqual(
        findings.map((finding) => finding.code),
        [code],
      )
      const row = catalogue.filter((one) => one.code === code)
      const [finding] = findings
      if (row.every(({ patience }) => patience !== 'normal' && patience !== 'never')) assert.equal(finding?.severity, 'fatal')
      assert.match(finding?.cause ?? '', /^[A-Z].*\.$/)
      assert.doesNotMatch(`${finding?.cause} ${finding?.fix.join(' ')}`, /undefined|\bNaN\b| {2}/)
      assert.ok(finding !== undefined && finding.evidence.length > 0 && finding.title !== '')
    })
  }

  it('every row has a case', () => {
    const covered = new Set(cases.map(([code]) => code))
    assert.deepEqual(
      catalogue.filter(({ code }) => !covered.has(code)).map(({ code }) => code),
      [],
    )
  })
})
