import type { CodeEntry } from './entry.ts'

/** What the way to an emulator's screen can say (LOCO-SCR). */
export const screensCodes = {
  'LOCO-SCR-001': {
    exit: 73,
    title: 'The emulator has no pod to show',
    explain: 'No pod of this emulator runs at the moment, so there is no screen. The screen comes back by itself as soon as a pod runs.',
  },
  'LOCO-SCR-002': {
    exit: 76,
    title: 'The screen speaks another protocol',
    explain:
      'What listens on the screen port of the pod does not speak RFB 3.8, the protocol of VNC as QEMU speaks it. Another service took the port (`VNC_PORT`), or a sidecar answers in its place.',
  },
  'LOCO-SCR-003': {
    exit: 72,
    title: 'The screen does not greet',
    explain:
      'The port of the screen is open, but QEMU said nothing in time: it is still starting, its node is overloaded, or QEMU hangs. It is tried again by itself; the logs of the pod say more.',
  },
  'LOCO-SCR-004': {
    exit: 77,
    title: 'The screen asks for a login',
    explain:
      'The VNC server wants a password or encryption. The emulators of Loco Cluster offer their screen to the loopback of their pod only, without a login: whoever may port-forward may look. Remove the password from the arguments of QEMU.',
  },
  'LOCO-SCR-005': {
    exit: 79,
    title: 'The screen turns this viewer away',
    explain:
      'The VNC server ended the greeting with a reason of its own, which the message quotes: most often too many viewers, or one that wants to be alone.',
  },
  'LOCO-SCR-006': {
    exit: 76,
    title: 'The screen sends what no screen sends',
    explain:
      'The stream broke a limit or a rule of its protocol: a picture of impossible size, rectangles outside of it or without an end, lengths beyond all measure, messages that were not agreed. The connection was cut to protect the viewer. Reconnect; if it repeats, what runs in the pod is not a healthy QEMU.',
  },
  'LOCO-SCR-007': {
    exit: 72,
    title: 'The screen went silent',
    explain:
      'The connection stands, but nothing answers: the network dropped it without a word, the node sleeps, or QEMU is stopped (a long snapshot, a debugger). A new connection is tried by itself.',
  },
  'LOCO-SCR-008': {
    exit: 79,
    title: 'The connection to the screen ended',
    explain: 'The other side closed the stream: QEMU ended, the pod was deleted, or the API server or kubelet restarted. It comes back by itself.',
  },
  'LOCO-SCR-009': {
    exit: 76,
    title: 'The viewer asked for what the relay does not carry',
    explain:
      'The viewer in the tab sent a message that the relay does not know, or asked for colours in another form than 32 bits a pixel. That is a defect of Loco Cluster, or of a viewer that is not ours; reopening the tab gives a fresh viewer.',
  },
} as const satisfies Record<string, CodeEntry>
