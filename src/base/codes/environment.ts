import type { CodeEntry } from './entry.ts'

/** What this machine offers: the Docker engine (00x), and which cluster is meant (01x). */
export const environmentCodes = {
  'LOCO-ENV-001': {
    exit: 19,
    title: 'The Docker engine does not answer',
    explain:
      'The socket or address of the engine is there, but nobody answers behind it: it is stopped, still starting, or has crashed. Start it; the engine of the sandbox starts with `loco sandbox up`.',
  },
  'LOCO-ENV-002': {
    exit: 17,
    title: 'The Docker engine does not let you in',
    explain: 'This user may not open the socket of the engine. Join the group that owns it, or run the command as a user who may.',
  },
  'LOCO-ENV-003': {
    exit: 15,
    title: 'No Docker engine',
    explain: 'Images are built by a Docker engine, and there is none at the address given. Install one, or start the sandbox, which brings its own.',
  },
  'LOCO-ENV-004': {
    exit: 16,
    title: 'The address of the Docker engine cannot be used',
    explain: 'Loco Cluster reaches a Docker engine through `unix://`, `npipe://` and plain `tcp://` addresses.',
  },
  'LOCO-ENV-005': {
    exit: 19,
    title: 'The Docker engine has a fault',
    explain: 'The engine answered a request with an error of its own, or broke off in the middle. The message carries its words; its log says more.',
  },
  'LOCO-ENV-010': {
    exit: 18,
    title: 'The cluster is not proved to be local',
    explain:
      'Loco Cluster changes a cluster without being told its name only when it can prove that it runs on this machine: by its context name and by the facts of its nodes. Anything else counts as production. Name the context with `--context` when you mean it.',
  },
  'LOCO-ENV-011': {
    exit: 18,
    title: 'The cluster is of another kind than asked for',
    explain: '`--cluster` names one kind of cluster and the context leads to another. Leave one of the two out, or make them agree.',
  },
  'LOCO-ENV-012': {
    exit: 15,
    title: 'No cluster of this kind',
    explain: 'No context in the kubeconfig belongs to a cluster of the kind that `--cluster` asks for. Start one with its own tool, or use the sandbox.',
  },
  'LOCO-ENV-013': {
    exit: 18,
    title: 'Several clusters could be meant',
    explain: 'More than one context belongs to a cluster of the kind asked for and none of them is the current one. Name one with `--context`.',
  },
  'LOCO-ENV-014': {
    exit: 11,
    title: 'The cluster is not the one that was planned for',
    explain:
      'Between the plan and this step the context came to lead somewhere else: another address, or another cluster behind the same address. Nothing was changed there. Run the command again to plan for the cluster as it is.',
  },
  'LOCO-ENV-015': {
    exit: 16,
    title: 'Images cannot be put on the nodes of this cluster',
    explain:
      'Loco Cluster puts images straight on the node of the sandbox only. For other clusters push them to a registry that the nodes can reach and set `imageRepo`.',
  },
  'LOCO-ENV-016': {
    exit: 15,
    title: 'No current context',
    explain: '`--cluster current` uses the current context of the kubeconfig, and none is set. `kubectl config use-context NAME` sets one.',
  },
  'LOCO-ENV-017': {
    exit: 13,
    title: 'The sandbox does not run',
    explain: 'What was asked for needs the running sandbox: its Docker engine builds the images and its node takes them. `loco sandbox up` starts it.',
  },
  'LOCO-ENV-020': {
    exit: 19,
    title: 'VS Code could not be installed',
    explain:
      '`npm start` ends in an editor. Where no `code` is on the path it installs the VS Code server from npm into the cache folder, once, and builds three small addons for it, which takes a C++ compiler, make and Python. The message carries the last words of the step that failed. The fleet runs all the same; `--editor none` does without the editor.',
  },
  'LOCO-ENV-021': {
    exit: 16,
    title: 'No editor for this machine',
    explain:
      'The VS Code server from npm runs on Linux, x64 and arm64. Elsewhere, and where you ask for it with `--editor code`, `npm start` needs Visual Studio Code 1.105 or newer with its command `code` on the path.',
  },
  'LOCO-ENV-022': {
    exit: 13,
    title: 'The VS Code server does not run',
    explain:
      'The server ended, or did not say within half a minute of its start at which port it listens. The message carries its last words. `npm start` again, or `--editor none`, which does without it.',
  },
} as const satisfies Record<string, CodeEntry>
