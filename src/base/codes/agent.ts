import type { CodeEntry } from './entry.ts'

/** What the emulator agent says of its guest (LOCO-GST) and of itself (LOCO-AGT). */
export const agentCodes = {
  'LOCO-GST-001': {
    exit: 52,
    title: 'QEMU does not answer',
    explain: 'The process lives, but its control socket is silent: the node is overloaded or its storage hangs. If it does not come back, delete the pod.',
  },
  'LOCO-GST-002': {
    exit: 53,
    title: 'The machine is paused',
    explain: 'Somebody or something paused the guest (`stop` over QMP, a snapshot that is being written). It goes on with `cont`, or with a reset.',
  },
  'LOCO-GST-003': {
    exit: 69,
    title: 'The disk of the machine refuses writes',
    explain:
      'QEMU stopped the guest because its disk image could not be written, most often because the volume is full. Make room (a larger claim), then reset the machine or delete the pod.',
  },
  'LOCO-GST-004': {
    exit: 50,
    title: 'The guest has crashed',
    explain: 'The guest told QEMU that it panicked and is kept as it is for a look at its screen. Reset it.',
  },
  'LOCO-GST-005': {
    exit: 50,
    title: 'The processor of the machine has failed',
    explain:
      'The hypervisor met a state it cannot go on from (QEMU run state `internal-error`), often an instruction that KVM does not emulate. Reset the machine; if it repeats, set `QEMU_ACCEL=tcg` or another `QEMU_CPU`.',
  },
  'LOCO-GST-006': {
    exit: 53,
    title: 'The screen is black',
    explain:
      'The machine runs but every pixel is black (a lone text cursor does not count as a picture). A screen saver, a mode switch or a dead display driver look like this.',
  },
  'LOCO-GST-007': {
    exit: 53,
    title: 'The screen shows nothing but one colour',
    explain: 'The machine runs but all pixels have the same colour, so there is no picture to work with. Look at the screen; reset the machine if it stays.',
  },
  'LOCO-GST-008': {
    exit: 50,
    title: 'The screen has the colour of a crash',
    explain:
      'The screen is blue, empty or with one colour of text, as a fatal error of the guest shows it. All blue for some seconds is unhealthy; blue with text is degraded, because some programs look like it.',
  },
  'LOCO-GST-009': {
    exit: 52,
    title: 'The machine is frozen',
    explain:
      'No new picture, no disk access, and no answer to a harmless key (ScrollLock pressed twice; a live guest switches the keyboard light). Reset the machine.',
  },
  'LOCO-GST-010': {
    exit: 52,
    title: 'The machine never showed a picture',
    explain: 'Since its start or its last reset the screen stayed empty. The disk may not be bootable, or the guest waits for something. Look at the screen.',
  },
  'LOCO-GST-011': {
    exit: 53,
    title: 'The machine sleeps',
    explain: 'The guest went into a power saving state (QEMU run state `suspended`). A key or a reset wakes it; switch power saving off in the guest.',
  },
  'LOCO-AGT-001': {
    exit: 58,
    title: 'A setting of the emulator is wrong',
    explain: 'An environment variable of the emulator container has a value that cannot be used. The message names each one; docs/agent.md lists them all.',
  },
  'LOCO-AGT-002': {
    exit: 55,
    title: 'QEMU cannot be started',
    explain: 'The QEMU program is missing in the image or may not be run. Build the image again; set `QEMU_BINARY` only if it lies elsewhere.',
  },
  'LOCO-AGT-003': {
    exit: 50,
    title: 'QEMU ended by itself',
    explain: 'The QEMU process is gone; its last words are in the evidence. The container ends too, so that Kubernetes starts it again.',
  },
  'LOCO-AGT-004': {
    exit: 52,
    title: 'QEMU did not come up in time',
    explain: 'QEMU was started but its control socket never answered. The node is overloaded or its storage hangs.',
  },
  'LOCO-AGT-005': {
    exit: 56,
    title: 'KVM was demanded but cannot be used',
    explain:
      '`QEMU_ACCEL=kvm` was set, but `/dev/kvm` is missing in the pod or its user may not open it. Let the chart ask for the device, or set `QEMU_ACCEL=auto`, which falls back to emulation.',
  },
  'LOCO-AGT-006': {
    exit: 65,
    title: 'There is no disk to start from',
    explain: 'Neither the volume (`DISK`) nor the image (`/opt/builtin-images`) holds a disk. Copy one onto the volume or build the image with one.',
  },
  'LOCO-AGT-007': {
    exit: 61,
    title: 'The base disk changed under an overlay',
    explain:
      'The overlay of this emulator holds only differences to another base disk; over a changed one they would be garbage. Put the old base back, or start with a fresh overlay (`loco rebuild emulator --base fresh`; the old overlay is kept beside it).',
  },
  'LOCO-AGT-008': {
    exit: 69,
    title: 'The overlay cannot be made',
    explain:
      'The file that takes what the guest writes could not be created on the volume: it is full, read-only or broken. The evidence has the words of the system.',
  },
  'LOCO-AGT-009': {
    exit: 61,
    title: 'The disk is in use by another QEMU',
    explain:
      'Another process has the overlay open for writing, usually the pod that is being replaced. Kubernetes tries again; it works once the other has ended.',
  },
  'LOCO-AGT-010': {
    exit: 57,
    title: 'Only the pod itself may ask this',
    explain:
      'Pictures, keys and resets are served to the loopback of the pod, which a port-forward reaches; others may read `/health`, `/ready`, `/startup` and `/metrics`. Requests that a web page makes are refused as well.',
  },
  'LOCO-AGT-011': {
    exit: 55,
    title: 'The agent has no such address',
    explain: 'The path is not one that the emulator agent serves. docs/agent.md lists them.',
  },
  'LOCO-AGT-012': {
    exit: 56,
    title: 'The agent does not serve this method here',
    explain: 'The path exists, with another method; the `Allow` header names it.',
  },
  'LOCO-AGT-013': {
    exit: 58,
    title: 'The request cannot be understood',
    explain: 'The body is not the JSON that this address takes, or it is too large. docs/agent.md shows the shape.',
  },
  'LOCO-AGT-014': {
    exit: 58,
    title: 'These keys cannot be typed',
    explain: 'A character is not on a US keyboard, or a key name is not one of QEMU (for example `ret`, `spc`, `ctrl`). Nothing was typed.',
  },
  'LOCO-AGT-015': {
    exit: 59,
    title: 'QEMU did not do what it was asked',
    explain: 'The control socket is not connected, did not answer in time, or refused the command; the message carries its words.',
  },
  'LOCO-AGT-016': {
    exit: 51,
    title: 'A port of the agent is taken',
    explain: 'The health port is in use by another process in the same network. Set `HEALTH_PORT` or end the other process.',
  },
} as const satisfies Record<string, CodeEntry>
