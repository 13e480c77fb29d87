import { Duplex } from 'node:stream'

/** A stream that holds every piece back for `ms` in each direction, in order: a stand-in for distance. */
export function delayed(stream: Duplex, ms: number): Duplex {
  if (ms === 0) return stream
  const far = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      setTimeout(() => stream.write(chunk), ms)
      done()
    },
    destroy(error, done) {
      stream.destroy()
      done(error)
    },
  })
  stream.on('data', (piece: Buffer) => setTimeout(() => far.push(piece), ms))
  stream.on('close', () => setTimeout(() => far.push(null), ms))
  stream.on('error', () => {})
  return far
}
