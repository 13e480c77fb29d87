import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, pack } from 'tar-stream'
import type { ContextFile } from './context.ts'

/** A build context as the tar stream that a Docker engine takes. Owner root and time zero everywhere: the same files give the same bytes. */
export function contextArchive(files: readonly ContextFile[]): Readable {
  const archive = pack()
  for (const { path, kind, content } of files) {
    const header = { name: path, mtime: new Date(0), uid: 0, gid: 0 }
    if (kind === 'link') archive.entry({ ...header, type: 'symlink', linkname: content.toString() })
    else archive.entry({ ...header, mode: kind === 'executable' ? 0o755 : 0o644 }, content)
  }
  archive.finalize()
  return Readable.from(archive)
}

/** The content of the first file in a tar stream, which is read no further; undefined when there is none. */
export async function firstFile(archive: Readable): Promise<Buffer | undefined> {
  const entries = archive.pipe(extract())
  archive.once('error', (error) => entries.destroy(error))
  try {
    for await (const entry of entries) {
      if (entry.header.type === 'file') return await buffer(entry)
      entry.resume()
    }
    return undefined
  } finally {
    archive.destroy()
  }
}
