// The page of the bench: noVNC with a tap on what it draws. Served as it is, beside noVNC's own modules.
import RFB from '/novnc/core/rfb.js'

const strip = { height: 16, block: 8, perRow: 128, bytes: 32 }
let canvas
let drawn = () => {}

/** The guest's numbers at the bottom edge of its picture (test/guest/strip.ts, without the checksum: a torn strip shows as a number nobody waits for). */
function readStrip() {
  if (!canvas || canvas.width !== strip.perRow * strip.block) return undefined
  const { data } = canvas.getContext('2d').getImageData(0, canvas.height - strip.height, canvas.width, strip.height)
  const bytes = new Uint8Array(strip.bytes)
  for (let bit = 0; bit < strip.bytes * 8; bit++) {
    const x = (bit % strip.perRow) * strip.block + strip.block / 2
    const y = Math.floor(bit / strip.perRow) * strip.block + strip.block / 2
    if (data[(y * canvas.width + x) * 4 + 1] > 127) bytes[bit >> 3] |= 0x80 >> (bit & 7)
  }
  const view = new DataView(bytes.buffer)
  return view.getUint32(0) === 0x4c4f434f ? { frame: view.getUint32(8), keyPresses: view.getUint16(20) } : undefined
}

/** Calls `drawn` whenever noVNC has put an update on its canvas. */
function watch(rfb) {
  canvas = rfb._canvas
  const display = rfb._display
  const flip = display.flip.bind(display)
  display.flip = (fromQueue) => {
    flip(fromQueue)
    if (display._renderQ.length === 0 || fromQueue) drawn()
  }
}

const target = document.body

/** Straight to a relay that passes bytes. */
function openPlain(url) {
  watch(new RFB(target, url, { shared: true }))
}

/** Through the session of the host: messages as a webview has them. */
function openOurs(url) {
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  let channel
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      channel = {
        binaryType: 'arraybuffer',
        protocol: '',
        readyState: 'open',
        onopen: null,
        onmessage: null,
        onerror: null,
        onclose: null,
        send: (bytes) => socket.send(bytes.slice()),
        close() {},
      }
      watch(new RFB(target, channel, { shared: true }))
    } else {
      channel.onmessage({ data })
      socket.send(String(data.byteLength))
    }
  }
}

const passes = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const key = (type) => canvas.dispatchEvent(new KeyboardEvent(type, { code: 'KeyA', key: 'a', bubbles: true, cancelable: true }))

globalThis.bench = {
  openPlain,
  openOurs,
  ready: () => readStrip() !== undefined,
  /** Frames of the guest that were drawn, each counted once, a second. */
  async frames(seconds) {
    const seen = new Set()
    drawn = () => {
      const now = readStrip()
      if (now) seen.add(now.frame)
    }
    const begun = performance.now()
    await passes(seconds * 1000)
    drawn = () => {}
    return seen.size / ((performance.now() - begun) / 1000)
  },
  /** Milliseconds from a DOM key event until the guest's count of keys has changed on the canvas. */
  async keys(count) {
    const samples = []
    for (let n = 0; n < count; n++) {
      await passes(90 + ((n * 37) % 60))
      const before = readStrip()?.keyPresses
      const begun = performance.now()
      samples.push(
        await new Promise((resolve, reject) => {
          const late = setTimeout(() => reject(new Error('the key was not seen within 10 s')), 10_000)
          drawn = () => {
            const now = readStrip()?.keyPresses
            if (now === undefined || now === before) return
            clearTimeout(late)
            drawn = () => {}
            resolve(performance.now() - begun)
          }
          key('keydown')
          key('keyup')
        }),
      )
    }
    return samples
  },
}
