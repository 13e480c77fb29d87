/** What the arguments of QEMU are made from. */
export interface MachinePlan {
  id: string
  ordinal: number
  /** MiB. */
  memory: number
  cpu: string
  smp: number
  /** In order of preference; QEMU takes the first that works. */
  accel: readonly ('kvm' | 'tcg')[]
  /** The qcow2 overlay. */
  overlay: string
  vncPort: number
  /** QMP sockets: one for commands and events, one for looking, because a busy client blocks its own socket. */
  sockets: { control: string; probe: string }
}

/** The network card's address: 52:54:00:10:00:0N as the original wrote it, two hex digits, so that it holds beyond nine. */
export function macOf(ordinal: number): string {
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
  return `52:54:00:10:${hex((ordinal >> 8) & 0xff)}:${hex(ordinal & 0xff)}`
}

/** In option lists QEMU ends a value at a comma; a doubled one is a comma of the value. */
const escaped = (value: string): string => value.replaceAll(',', ',,')

/** The command line of one Windows-98-class machine. Why each part: docs/agent.md. */
export function qemuArgs(plan: MachinePlan): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-name', escaped(plan.id)],
    ...['-machine', 'pc'],
    // QEMU would reserve 1 GiB for translated code; a pod that falls back to TCG must stay within its memory.
    ...plan.accel.flatMap((accel) => ['-accel', accel === 'tcg' ? 'tcg,tb-size=32' : accel]),
    ...['-cpu', plan.cpu, '-smp', String(plan.smp), '-m', String(plan.memory)],
    ...['-rtc', 'base=localtime', '-boot', 'order=c,menu=off'],
    ...['-drive', `if=none,id=disk0,file=${escaped(plan.overlay)},format=qcow2,discard=unmap,detect-zeroes=unmap`],
    ...['-device', 'ide-hd,drive=disk0,bus=ide.0,unit=0'],
    // The guest is not trusted: without restrict=on it would reach the pod's loopback, the agent and VNC with it, as 10.0.2.2.
    ...['-netdev', 'user,id=net0,restrict=on'],
    // romfile= : no network boot, so no ROM to ship and nothing to wait for.
    ...['-device', `ne2k_pci,netdev=net0,mac=${macOf(plan.ordinal)},romfile=`],
    ...['-vga', 'std', '-display', 'none'],
    ...['-vnc', `127.0.0.1:${plan.vncPort - 5900},share=force-shared`],
    ...['-audiodev', 'none,id=audio0', '-device', 'sb16,audiodev=audio0'],
    ...['-fw_cfg', `name=opt/org.loco-cluster/instance,string=${escaped(plan.id)}`],
    ...['-qmp', `unix:${escaped(plan.sockets.control)},server=on,wait=off`],
    ...['-qmp', `unix:${escaped(plan.sockets.probe)},server=on,wait=off`],
    // What ends a guest is an event for the agent, never a dead pod.
    ...['-no-shutdown', '-action', 'panic=pause'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
  ]
}
