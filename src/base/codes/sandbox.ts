import type { CodeEntry } from './entry.ts'

/** The sandbox: what the machine must offer (00x), what else is in the way (01x), how its parts and programs fail (01x, 02x). */
export const sandboxCodes = {
  'LOCO-SBX-001': {
    exit: 16,
    title: 'The sandbox needs Linux',
    explain:
      'The sandbox is a Kubernetes node without a virtual machine, so it runs on Linux on amd64 or arm64 only. Elsewhere use minikube, kind, k3d or Docker Desktop.',
  },
  'LOCO-SBX-002': {
    exit: 17,
    title: 'The sandbox needs root',
    explain:
      'A node mounts, makes network links and starts containers, which only root may. Run the command with `sudo`; the sandbox then belongs to you, not to root.',
  },
  'LOCO-SBX-003': {
    exit: 16,
    title: 'No usable cgroups',
    explain:
      'Containers need cgroups that can be written: version 2 with the controllers cpu, cpuset, memory and pids, or version 1 with these and devices. Inside a container they are often missing or read-only; start it privileged, or use the machine itself.',
  },
  'LOCO-SBX-004': {
    exit: 17,
    title: 'Root without its rights',
    explain:
      'The process is root, but lacks capabilities or namespaces that a container runtime needs, as in an unprivileged container. Start that container privileged, or use the machine itself.',
  },
  'LOCO-SBX-005': {
    exit: 11,
    title: 'A port is taken',
    explain:
      'A part of the sandbox needs a port on which another process listens; the message names both. Stop the other process, often another Kubernetes on this machine.',
  },
  'LOCO-SBX-006': {
    exit: 19,
    title: 'The disk is too full',
    explain: 'Programs and images need room: 6 GiB for a new sandbox, 2 GiB for one that exists. Free some, or let `LOCO_SANDBOX_ROOT` point to another disk.',
  },
  'LOCO-SBX-007': {
    exit: 15,
    title: 'No way to get the programs of Kubernetes',
    explain:
      'They are not in the cache, their publishers do not answer, and no Go that could build them is installed. Install Go, or give the machine a way to the internet.',
  },
  'LOCO-SBX-008': {
    exit: 11,
    title: 'The sandbox belongs to somebody else',
    explain:
      'The state on this machine was made by another person, who is named. Let that person run the command, or put a sandbox of your own elsewhere with `LOCO_SANDBOX_ROOT` while theirs is down.',
  },
  'LOCO-SBX-009': {
    exit: 11,
    title: 'Another sandbox runs on this machine',
    explain:
      'One machine holds one sandbox: the folder of device plugins and the tables of kube-proxy are shared by all. Switch the other one off first; the message says where its state is.',
  },
  'LOCO-SBX-010': {
    exit: 16,
    title: 'The kernel lacks something',
    explain: 'A feature that containers need is neither in the kernel nor among its modules; the message names it.',
  },
  'LOCO-SBX-011': {
    exit: 15,
    title: 'Packages are missing',
    explain:
      'containerd, runc, Docker, CNI plugins and a few tools come from the distribution. They could not be installed; the message carries the words of apt, or lists the programs.',
  },
  'LOCO-SBX-012': {
    exit: 11,
    title: 'Another command works on the sandbox',
    explain: '`up`, `down`, `add` and `remove` exclude each other. The message names the process that works; wait until it has ended.',
  },
  'LOCO-SBX-013': {
    exit: 13,
    title: 'A part of the sandbox ended',
    explain:
      'A part did not start or ended while the node came up. Its last words are in the message, its whole log in the folder `logs` of the state (`/var/lib/loco-cluster/logs`).',
  },
  'LOCO-SBX-014': {
    exit: 12,
    title: 'A part of the sandbox is not ready in time',
    explain: 'A part runs but does not answer as it should. The machine may be very busy; else its log in the folder `logs` of the state says more.',
  },
  'LOCO-SBX-015': {
    exit: 10,
    title: 'A tool of the machine failed',
    explain: 'A program that the sandbox calls (ip, nft, mount, openssl, tar, ctr, debootstrap) ended with an error; its words are in the message.',
  },
  'LOCO-SBX-016': {
    exit: 18,
    title: 'A download is not what its publisher offers',
    explain:
      'The SHA-256 of a fetched file differs from the one its publisher names. The file was not used. Something between this machine and the publisher changes files, or the download broke.',
  },
  'LOCO-SBX-017': {
    exit: 19,
    title: 'A file could not be fetched',
    explain: 'The publisher of a program does not answer or refuses. Where Go is installed the program is built instead.',
  },
  'LOCO-SBX-018': {
    exit: 10,
    title: 'A program could not be built',
    explain:
      'Go failed to build a program from its pinned sources; its last words are in the message. Often the module proxy (GOPROXY) cannot be reached or the disk is full.',
  },
  'LOCO-SBX-019': {
    exit: 11,
    title: 'Something of the node did not go away',
    explain:
      'After `down` a look at the machine still found processes, mounts, links, rules or cgroups of the sandbox; they are listed. Run `loco sandbox down` again.',
  },
  'LOCO-SBX-020': {
    exit: 11,
    title: 'The addresses of the sandbox are in use',
    explain:
      'A route of this machine leads into one of the networks 10.213.0.0/16, 10.214.0.0/24 and 10.96.0.0/16 that the sandbox uses. Take the other network away while the sandbox is up.',
  },
  'LOCO-SBX-021': {
    exit: 18,
    title: 'The folder is not a sandbox',
    explain: '`LOCO_SANDBOX_ROOT` names a folder that holds other things. Nothing in it was touched. Name an empty or a new folder.',
  },
  'LOCO-SBX-022': {
    exit: 10,
    title: 'The API server of the sandbox refused an object',
    explain:
      'An object that the sandbox needs in its own cluster was refused; the message carries the words of the server. A state of an older version may be the cause.',
  },
  'LOCO-SBX-023': {
    exit: 18,
    title: 'The path of the state folder is too long for csi',
    explain:
      'The driver of `loco sandbox add csi` listens on a socket in the folder of the kubelet, below the state, and the path of a socket is short by nature. Put the state elsewhere with `LOCO_SANDBOX_ROOT`.',
  },
  'LOCO-SBX-024': {
    exit: 11,
    title: 'csi is still used',
    explain:
      'Claims, volumes or snapshots of the class `csi-loco` exist, and their data would be lost. Delete those that are named, then take csi away; `loco sandbox down --purge` takes the whole state away.',
  },
} as const satisfies Record<string, CodeEntry>
