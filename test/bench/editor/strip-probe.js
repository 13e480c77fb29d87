// Evaluated in a page that shows the demo guest: measures by what stands on its canvas, looked at once for each frame of the browser.
;(canvas) => {
  const strip = { height: 16, block: 8, perRow: 128, bytes: 32 }
  const context = canvas.getContext('2d')
  const look = () => {
    const { data } = context.getImageData(0, canvas.height - strip.height, canvas.width, strip.height)
    const bytes = new Uint8Array(strip.bytes)
    for (let bit = 0; bit < strip.bytes * 8; bit++) {
      const x = (bit % strip.perRow) * strip.block + strip.block / 2
      const y = Math.floor(bit / strip.perRow) * strip.block + strip.block / 2
      if (data[(y * canvas.width + x) * 4 + 1] > 127) bytes[bit >> 3] |= 0x80 >> (bit & 7)
    }
    const view = new DataView(bytes.buffer)
    return view.getUint32(0) === 0x4c4f434f ? { frame: view.getUint32(8), keyPresses: view.getUint16(20) } : undefined
  }
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const key = (type) => canvas.dispatchEvent(new KeyboardEvent(type, { code: 'KeyA', key: 'a', bubbles: true, cancelable: true }))
  return {
    /** Frames of the guest that were seen, each counted once, a second. */
    async frames(seconds) {
      const seen = new Set()
      const begun = performance.now()
      while (performance.now() - begun < seconds * 1000) {
        await frame()
        const now = look()
        if (now) seen.add(now.frame)
      }
      return seen.size / ((performance.now() - begun) / 1000)
    },
    /** Milliseconds from a key to the frame of the browser in which the guest's count of keys is another one. */
    async keys(count) {
      const samples = []
      while (samples.length < count) {
        await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 100))
        const before = look()
        if (!before) continue
        const begun = performance.now()
        key('keydown')
        for (let now = before; (!now || now.keyPresses === before.keyPresses) && performance.now() - begun < 3000; now = look()) await frame()
        samples.push(performance.now() - begun)
        key('keyup')
      }
      return samples
    },
  }
}
