import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Arch } from '../binaries/catalogue.ts'
import { staticBusybox } from '../packages.ts'
import { busyboxImage, pauseImage } from '../plan.ts'
import { run } from '../run.ts'
import { writeImage } from './archive.ts'
import { busyboxConfig, busyboxLayer, pauseConfig } from './busybox.ts'

/** Puts the two images without which no pod and no claim starts into containerd, where they are not there yet. */
export async function ensureNodeImages(containerdSocket: string, arch: Arch): Promise<void> {
  const ctr = (...args: string[]): Promise<string> => run('ctr', ['--address', containerdSocket, '--namespace', 'k8s.io', ...args])
  const present = (await ctr('images', 'ls', '-q')).split('\n')
  const missing = [
    { tag: pauseImage, config: pauseConfig },
    { tag: busyboxImage, config: busyboxConfig },
  ].filter(({ tag }) => !present.includes(tag))
  if (missing.length === 0) return
  const scratch = await mkdtemp(join(tmpdir(), 'loco-images-'))
  try {
    const layers = [await busyboxLayer(await staticBusybox(scratch), scratch)]
    for (const [index, { tag, config }] of missing.entries()) {
      const archive = join(scratch, `image-${index}.tar`)
      await writeImage({ tag, arch, layers, config }, archive)
      await ctr('images', 'import', archive)
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
