import { t } from '@vscode/l10n'
import { encoding } from './encodings.ts'
import { implausible } from './faults.ts'
import { checkClipboard, checkCursor, checkName, checkSize, Effort, type Size } from './limits.ts'
import { drop, ignore, type Parser, skip, take, tell } from './parsing.ts'
import { rectangleData } from './rectangles.ts'

/** What the relay needs to know of the server's messages, told in its place between their bytes. */
export type ServerEvent =
  /** An update of the picture begins: the server has used up what was asked for so far. */
  | { kind: 'update' }
  /** It is complete. `pixels` is how many it painted: 0 when it only told sizes, pointers and the like. */
  | { kind: 'updated'; pixels: number }
  /** The picture has another size now. */
  | { kind: 'resized' }
  /** The size as it is, which QEMU tells at once when the whole picture is asked for. */
  | { kind: 'size-told' }
  /** The server takes messages of the clipboard's extension. */
  | { kind: 'clipboard' }
  /** A message ends here; another one may be put in. */
  | { kind: 'border' }

const update = 0
const bell = 2
const cutText = 3

/**
 * Follows the messages of a server after its greeting, for ever, without keeping any of their bytes. `screen` is kept up to date.
 * @throws LOCO-SCR-006 for whatever breaks a rule or a limit
 */
export function* serverMessages(screen: Size): Parser<ServerEvent> {
  for (;;) {
    const type = (yield take(1)).getUint8(0)
    if (type === update) yield* framebufferUpdate(screen)
    else if (type === cutText) yield* serverCutText()
    else if (type !== bell) throw implausible(t('It sent a message that was not agreed.'), `message type ${type}`)
    yield tell({ kind: 'border' })
  }
}

function* framebufferUpdate(screen: Size): Parser<ServerEvent> {
  const count = (yield take(3)).getUint16(1)
  yield tell({ kind: 'update' })
  const effort = new Effort(screen)
  let pixels = 0
  for (let n = 0; n < count; n++) {
    const head = yield take(12)
    const [x, y, number] = [head.getUint16(0), head.getUint16(2), head.getInt32(8)]
    const size = { width: head.getUint16(4), height: head.getUint16(6) }
    if (number === encoding.lastRect) break
    const data = rectangleData(number, size)
    if (data === undefined) {
      effort.other()
      yield* pseudoRectangle(number, { x, y, size }, screen)
    } else {
      effort.paint(x, y, size)
      pixels += size.width * size.height
      yield* data
    }
  }
  yield tell({ kind: 'updated', pixels })
}

interface Pseudo {
  x: number
  y: number
  size: Size
}

/** A rectangle that tells something else than pixels. */
function* pseudoRectangle(number: number, { x, y, size }: Pseudo, screen: Size): Parser<ServerEvent> {
  switch (number) {
    case encoding.desktopSize:
      return yield* resize(size, screen)
    case encoding.extendedDesktopSize: {
      // x = 1 answers a wish to change the size, which was refused when y is not 0.
      const refused = x === 1 && y !== 0
      if (!refused) checkSize(size)
      yield skip((yield take(4)).getUint8(0) * 16)
      if (!refused) yield* resize(size, screen)
      return
    }
    case encoding.cursor:
      checkCursor(size)
      yield skip(size.width * size.height * 4 + Math.ceil(size.width / 8) * size.height)
      return
    case encoding.led:
      yield skip(1)
      return
    case encoding.desktopName: {
      const length = (yield take(4)).getUint32(0)
      checkName(length)
      yield skip(length)
      return
    }
    case encoding.extendedKey:
    case encoding.pointerMotion:
      return
    default:
      throw implausible(t('A rectangle is packed in a way that was not agreed.'), `encoding ${number}`)
  }
}

function* resize(size: Size, screen: Size): Parser<ServerEvent> {
  checkSize(size)
  const same = size.width === screen.width && size.height === screen.height
  screen.width = size.width
  screen.height = size.height
  yield tell({ kind: same ? 'size-told' : 'resized' })
}

const clipboardCapabilities = 1 << 24

/**
 * Plain text, or with a negative length a message of the clipboard's extension. None of it is passed on: guests of this kind have no clipboard to share,
 * so what comes is the clipboard of another viewer, which QEMU hands to all.
 */
function* serverCutText(): Parser<ServerEvent> {
  yield drop
  const length = (yield take(7)).getInt32(3)
  yield drop
  checkClipboard(Math.abs(length))
  if (length > -4) return yield* ignoring(Math.abs(length))
  const flags = (yield take(4)).getUint32(0)
  yield drop
  yield ignore(-length - 4)
  if (flags & clipboardCapabilities) yield tell({ kind: 'clipboard' })
}

function* ignoring(count: number): Parser<never> {
  yield ignore(count)
}
