import type { CodeEntry } from './entry.ts'

/** What keeps a pod from running, read from its status and its events: images (IMG), configuration and start (CFG), crashes (RUN), probes (PRB), placement (SCH), network and sandbox (POD), controller (CTL), node (NOD), and the way to the agent (FLT). */
export const workloadsCodes = {
  'LOCO-IMG-001': {
    exit: 25,
    title: 'The image does not exist',
    explain:
      'The registry has no such repository or tag. Correct the image or tag in the values; on a local cluster run `loco rebuild emulator`, which builds the image and puts it on the node.',
  },
  'LOCO-IMG-002': {
    exit: 27,
    title: 'The registry refuses the image',
    explain:
      'The registry wants a login, or the name exists only locally and was looked up at Docker Hub, which says "denied" for names it does not know. Name a pull secret (`imagePullSecrets`), or put the image on the node and set `emulator.imagePullPolicy` to `IfNotPresent` or `Never`.',
  },
  'LOCO-IMG-003': {
    exit: 28,
    title: 'The node does not trust the registry',
    explain:
      'The certificate of the registry is signed by an authority that the node does not know. Trust on your own machine does not help: the authority must be installed on the node.',
  },
  'LOCO-IMG-004': {
    exit: 28,
    title: 'The certificate of the registry is not valid',
    explain: 'It has expired, is made for another name, or the clock of the node is wrong. Renew the certificate, use one of its names, or set the clock.',
  },
  'LOCO-IMG-005': {
    exit: 28,
    title: 'The registry speaks plain HTTP',
    explain:
      'The node expects TLS and the registry answers without. Give the registry a certificate, or declare it insecure on the node (with minikube that is only possible when the cluster is made).',
  },
  'LOCO-IMG-006': {
    exit: 29,
    title: 'The node does not reach the registry',
    explain:
      'Name lookup, network, proxy or the registry itself fails, seen from the node. It is tried again by itself; when it stays, check DNS and proxy on the node, or put the image there with `loco rebuild emulator`.',
  },
  'LOCO-IMG-007': {
    exit: 29,
    title: 'The registry limits pulls',
    explain: 'Too many pulls from this address (429). Log in with a pull secret, use a mirror, or put the image on the node with `loco rebuild emulator`.',
  },
  'LOCO-IMG-008': {
    exit: 26,
    title: 'The image is for another processor',
    explain: 'The image has no variant for the architecture of the node. Build it there: `loco rebuild emulator` builds for the architecture of the node.',
  },
  'LOCO-IMG-009': {
    exit: 29,
    title: 'The disk of the node is full',
    explain: 'The image could not be unpacked. Free space on the node (unused images first), or give the node a larger disk.',
  },
  'LOCO-IMG-010': {
    exit: 25,
    title: 'The image is not on the node',
    explain:
      'The pull policy is `Never`, so the kubelet uses only what is on its own node, and there is no image of exactly this name. `loco rebuild emulator` builds it and puts it there; or set `emulator.imagePullPolicy` to `IfNotPresent`.',
  },
  'LOCO-IMG-011': {
    exit: 28,
    title: 'The image name is malformed',
    explain: 'The reference cannot be read: upper case letters, an empty tag or a double colon are usual. Correct the image in the values.',
  },
  'LOCO-IMG-016': {
    exit: 21,
    title: 'An old image runs under the same name',
    explain:
      'The container runs, but its image is not the one that was built: the name stayed, the content changed. `loco rebuild emulator` transfers it and restarts the pods.',
  },
  'LOCO-IMG-019': {
    exit: 20,
    title: 'The image cannot be pulled',
    explain: 'The container runtime says why in words that no other code covers; the evidence holds them.',
  },
  'LOCO-CFG-001': {
    exit: 55,
    title: 'A ConfigMap is missing',
    explain:
      'The container takes its environment from a ConfigMap that does not exist in the namespace of the release. Create it, or install the release again.',
  },
  'LOCO-CFG-002': {
    exit: 55,
    title: 'A Secret is missing',
    explain: 'The container takes its environment from a Secret that does not exist in the namespace of the release. Create it, or switch the feature off.',
  },
  'LOCO-CFG-003': {
    exit: 55,
    title: 'A key is missing in a ConfigMap or Secret',
    explain: 'The object exists, the key in it does not. `kubectl describe` shows the keys that are there.',
  },
  'LOCO-CFG-004': {
    exit: 58,
    title: 'The user of the image clashes with the security policy',
    explain:
      'The pod must not run as root, and the image runs as root or names its user by a word that cannot be checked. Set a number: `runAsUser` in the pod or `USER` in the image.',
  },
  'LOCO-CFG-005': {
    exit: 59,
    title: 'The runtime cannot create the container',
    explain: 'The evidence holds the words of the runtime: a missing device such as /dev/kvm, an image without a command, a time-out or a name still in use.',
  },
  'LOCO-CFG-006': {
    exit: 58,
    title: 'The command of the container cannot be run',
    explain: 'The program is not in the image, is not executable, or its interpreter is missing; Windows line ends in a script have the same effect.',
  },
  'LOCO-CFG-007': {
    exit: 58,
    title: 'The container cannot be started',
    explain:
      'containerd and runc refuse to start the process; the evidence holds their words. A memory limit below what the runtime needs, and a mount of a file over a folder, are usual.',
  },
  'LOCO-CFG-008': {
    exit: 58,
    title: 'Docker cannot run the container',
    explain: 'The Docker engine refuses to start the process; the evidence holds its words.',
  },
  'LOCO-CFG-011': {
    exit: 58,
    title: 'The configuration of a container cannot be prepared',
    explain: 'The kubelet says why in words that no other code covers; the evidence holds them.',
  },
  'LOCO-RUN-001': {
    exit: 53,
    title: 'A container ends again and again',
    explain: 'It is started, ends, and is started again with growing pauses. `loco logs INSTANCE --previous` shows what it said before it ended.',
  },
  'LOCO-RUN-002': {
    exit: 53,
    title: 'A container ends with an error',
    explain: 'The program ended by itself with an error code. `loco logs INSTANCE --previous` shows what it said before it ended.',
  },
  'LOCO-RUN-003': {
    exit: 58,
    title: 'A program in the container is missing or not executable',
    explain: 'Exit codes 126 and 127 are what a shell says for a command that may not be run or is not there. Check path, permissions and line ends.',
  },
  'LOCO-RUN-004': {
    exit: 58,
    title: 'A container needs more memory than its limit',
    explain:
      'The kernel ended it at its memory limit. The limit must hold the RAM of the guest plus 160 MiB for QEMU and the agent; raise `emulator.resources.limits.memory` or lower `emulator.memoryMiB`.',
  },
  'LOCO-RUN-005': {
    exit: 53,
    title: 'A container was killed',
    explain:
      'It ended by SIGKILL (exit code 137) without running into its memory limit and without a failed probe: it did not end in time when asked to, or somebody on the node ended it.',
  },
  'LOCO-RUN-006': {
    exit: 53,
    title: 'A program in the container crashed',
    explain:
      'It ended by a signal: 139 invalid memory access, 134 abort, 132 unknown instruction. For QEMU try another accelerator (`emulator.accel: tcg`): the processor of the node may lack what QEMU expects.',
  },
  'LOCO-RUN-007': {
    exit: 53,
    title: 'The main process ends by itself',
    explain: 'It ended without an error (exit code 0 or 143), but a server is expected to go on. A start script that ends instead of waiting is usual.',
  },
  'LOCO-RUN-008': {
    exit: 53,
    title: 'An init container fails',
    explain: 'The pod cannot start before its init containers have ended well. `kubectl logs POD -c CONTAINER` shows what this one said.',
  },
  'LOCO-RUN-014': {
    exit: 50,
    title: 'A pod has failed',
    explain: 'The pod ended for good and its reason is covered by no other code; the evidence holds it. Deleting the pod lets its controller make a new one.',
  },
  'LOCO-PRB-001': {
    exit: 52,
    title: 'The start takes too long',
    explain:
      'The startup probe did not succeed within its budget (period times threshold), so the kubelet restarts the container. Raise `emulator.probes.startup`, which matters without KVM, or see why the guest shows no picture.',
  },
  'LOCO-PRB-002': {
    exit: 53,
    title: 'The liveness probe fails',
    explain: 'The container stopped answering and the kubelet restarts it. `loco logs INSTANCE --previous` shows its last words.',
  },
  'LOCO-PRB-003': {
    exit: 53,
    title: 'The readiness probe fails',
    explain: 'The container runs but says that it is not ready; the evidence holds its answer. It becomes ready again by itself when the cause is gone.',
  },
  'LOCO-PRB-004': {
    exit: 59,
    title: 'Nothing listens on the port of the probe',
    explain: 'The connection is refused: the program is still starting, has no such port, or listens elsewhere.',
  },
  'LOCO-PRB-005': {
    exit: 52,
    title: 'A probe is answered too slowly',
    explain: 'No answer within the time-out of the probe: the container is short of processor time, or hangs.',
  },
  'LOCO-SCH-001': {
    exit: 59,
    title: 'Not enough processor time on the nodes',
    explain:
      'The requests of the pod are larger than what the nodes have left. Lower `emulator.resources.requests.cpu` or the number of replicas, or give the cluster more.',
  },
  'LOCO-SCH-002': {
    exit: 59,
    title: 'Not enough memory on the nodes',
    explain:
      'The requests of the pod are larger than what the nodes have left. Lower `emulator.memoryMiB` or the number of replicas, or give the cluster more.',
  },
  'LOCO-SCH-003': {
    exit: 59,
    title: 'Not enough local disk on the nodes',
    explain:
      'The pod asks for more ephemeral storage than the nodes have left. Put the disks on claims (`storage.strategy: persistent`) or free space on the node.',
  },
  'LOCO-SCH-004': {
    exit: 59,
    title: 'The node holds no more pods',
    explain: 'A node takes a fixed number of pods (usually 110) and has reached it. Remove pods or add a node.',
  },
  'LOCO-SCH-005': {
    exit: 59,
    title: 'A device that the pod asks for is not free',
    explain:
      'No node offers the device, or all of its units are taken. For `devices.kubevirt.io/kvm`: start the device plugin, or run without KVM (`emulator.kvm.enabled: false`).',
  },
  'LOCO-SCH-006': {
    exit: 58,
    title: 'No node has the labels that the pod asks for',
    explain: 'Node selector or node affinity match no node. Label a node or correct `nodeSelector` and `affinity`.',
  },
  'LOCO-SCH-007': {
    exit: 59,
    title: 'The nodes keep the pod away',
    explain: 'The nodes carry a taint that the pod does not tolerate. Some come and go by themselves (not ready, under pressure); others want a toleration.',
  },
  'LOCO-SCH-008': {
    exit: 59,
    title: 'The pod waits for a claim that is not bound',
    explain: 'A claim of the pod has no volume yet. The claim says why: `kubectl describe pvc`.',
  },
  'LOCO-SCH-009': {
    exit: 58,
    title: 'The volume of the pod lies on another node',
    explain: 'The volume can be used on one node only, and the pod may not or cannot run there. Let it run there, or move the data.',
  },
  'LOCO-SCH-010': {
    exit: 59,
    title: 'No volume fits the claim',
    explain: 'There are persistent volumes, but size, access mode, class or place do not fit. `kubectl get pv` shows them.',
  },
  'LOCO-SCH-012': {
    exit: 55,
    title: 'A claim of the pod is missing',
    explain: 'The pod names a claim that does not exist or is being deleted. Create it, or wait until the deletion is through.',
  },
  'LOCO-SCH-015': {
    exit: 51,
    title: 'A host port is taken',
    explain: 'The pod asks for a port of the node which another pod has. Remove `hostPort` or free the port.',
  },
  'LOCO-SCH-020': {
    exit: 50,
    title: 'The pod finds no node',
    explain: 'The scheduler says why in words that no other code covers; the evidence holds them.',
  },
  'LOCO-POD-001': {
    exit: 59,
    title: 'The network of the pod cannot be made',
    explain: 'The network plugin of the node failed, is not there yet, or has no address left. Look at the plugin of the node.',
  },
  'LOCO-POD-002': {
    exit: 58,
    title: 'The memory limit is too small for the runtime',
    explain: 'The limit is below what the container runtime itself needs to start. Raise it.',
  },
  'LOCO-POD-003': {
    exit: 55,
    title: 'The runtime class is not there',
    explain: 'The pod asks for a runtime that the node does not have. Remove `runtimeClassName`, or install the runtime on the node.',
  },
  'LOCO-POD-004': {
    exit: 50,
    title: 'The sandbox of the pod cannot be made',
    explain: 'The container runtime says why in words that no other code covers; the evidence holds them.',
  },
  'LOCO-CTL-001': {
    exit: 59,
    title: 'A quota keeps the pod from being made',
    explain: 'The namespace has a ResourceQuota that is used up. `kubectl describe quota` shows it.',
  },
  'LOCO-CTL-002': {
    exit: 57,
    title: 'Pod security refuses the pod',
    explain:
      'The namespace enforces a pod security level that the pod does not meet; the evidence names each field. The chart meets `restricted`: look at what your values change.',
  },
  'LOCO-CTL-003': {
    exit: 57,
    title: 'A policy of the cluster refuses the pod',
    explain: 'An admission webhook refused the pod, or could not be asked. The evidence holds its words.',
  },
  'LOCO-CTL-004': {
    exit: 55,
    title: 'The service account is missing',
    explain: 'The pod names a service account that does not exist in the namespace. Create it, or install the release again.',
  },
  'LOCO-CTL-010': {
    exit: 50,
    title: 'The pod cannot be made',
    explain: 'The controller says why in words that no other code covers; the evidence holds them.',
  },
  'LOCO-NOD-001': {
    exit: 49,
    title: 'The node ran short and evicted the pod',
    explain: 'Memory, disk or process numbers of the node, or the disk limit of the pod, ran out. The evidence names which. The controller makes a new pod.',
  },
  'LOCO-NOD-006': {
    exit: 49,
    title: 'The node is not well',
    explain: 'The node does not report as ready, or says that memory, disk or process numbers run short. What is said of its pods may be old.',
  },
  'LOCO-FLT-001': {
    exit: 59,
    title: 'The agent of an emulator cannot be reached',
    explain: 'The pod runs, but the way to its agent is broken or not allowed (`pods/portforward`). What the guest does cannot be seen meanwhile.',
  },
  'LOCO-FLT-002': {
    exit: 50,
    title: 'The agent of an emulator answers nonsense',
    explain:
      'The answer is not what an agent of this version says: another service listens there, or the image is of another version. `loco rebuild emulator` brings image and tool together.',
  },
  'LOCO-FLT-003': {
    exit: 50,
    title: 'The agent of an emulator refuses',
    explain: 'The agent understood the request and refuses it; the message holds its words.',
  },
} as const satisfies Record<string, CodeEntry>
