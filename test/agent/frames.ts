/* Ethernet frames as a guest would send them, as far as one needs to knock at a TCP port. */

const broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

export interface Host {
  mac: readonly number[]
  ip: readonly number[]
}

/** Who has this address? */
export function arpRequest(from: Host, wanted: readonly number[]): Buffer {
  const arp = [0, 1, 8, 0, 6, 4, 0, 1, ...from.mac, ...from.ip, 0, 0, 0, 0, 0, 0, ...wanted]
  return Buffer.from([...broadcast, ...from.mac, 0x08, 0x06, ...arp])
}

/** The address of whom an ARP answer speaks; undefined for any other frame. */
export function arpAnswer(frame: Buffer): Host | undefined {
  if (frame.length < 42 || frame.readUInt16BE(12) !== 0x0806 || frame.readUInt16BE(20) !== 2) return undefined
  return { mac: [...frame.subarray(22, 28)], ip: [...frame.subarray(28, 32)] }
}

/** The first packet of a TCP connection. */
export function tcpSyn(from: Host, to: Host, port: number): Buffer {
  const tcp = Buffer.alloc(20)
  tcp.writeUInt16BE(40_000, 0)
  tcp.writeUInt16BE(port, 2)
  tcp.writeUInt32BE(1, 4)
  tcp.writeUInt8(5 << 4, 12)
  tcp.writeUInt8(0x02, 13)
  tcp.writeUInt16BE(65_535, 14)
  tcp.writeUInt16BE(checksum(Buffer.concat([Buffer.from([...from.ip, ...to.ip, 0, 6, 0, tcp.length]), tcp])), 16)
  const ip = Buffer.from([0x45, 0, 0, 20 + tcp.length, 0, 1, 0, 0, 64, 6, 0, 0, ...from.ip, ...to.ip])
  ip.writeUInt16BE(checksum(ip), 10)
  return Buffer.concat([Buffer.from([...to.mac, ...from.mac, 0x08, 0x00]), ip, tcp])
}

/** True for a packet that accepts a connection (SYN and ACK); a refusal is an answer, too, but not this one. */
export const acceptsConnection = (frame: Buffer): boolean =>
  frame.length >= 48 && frame.readUInt16BE(12) === 0x0800 && frame[23] === 6 && ((frame[47] ?? 0) & 0x12) === 0x12

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
