import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'
import { type Layer, layerOf } from './archive.ts'

/** A pod's own process: ends on TERM, and reaps what is left to it. A shell that waits does both; no compiler is needed for it. */
export const pauseConfig = {
  Entrypoint: ['/bin/busybox', 'sh', '-c', "trap 'exit 0' TERM INT; while :; do sleep 2147483647 & wait; done"],
  Env: ['PATH=/bin'],
  User: '65535:65535',
}
export const busyboxConfig = { Cmd: ['sh'], Env: ['PATH=/bin'] }

/** The layer of both: a static busybox with a link for each of its commands. */
export async function busyboxLayer(busybox: string, scratch: string): Promise<Layer> {
  const root = join(scratch, 'busybox-root')
  await mkdir(join(root, 'bin'), { recursive: true })
  await mkdir(join(root, 'etc'))
  await mkdir(join(root, 'root'), { mode: 0o700 })
  await mkdir(join(root, 'tmp'))
  await chmod(join(root, 'tmp'), 0o1777)
  await chmod(root, 0o755)
  await copyFile(busybox, join(root, 'bin', 'busybox'))
  await chmod(join(root, 'bin', 'busybox'), 0o755)
  for (const command of (await run(busybox, ['--list'])).split('\n').filter((name) => name !== '' && name !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', command))
  }
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  await writeFile(join(root, 'etc', 'group'), 'root:x:0:\n')
  const layer = join(scratch, 'busybox-layer.tar')
  await run('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '--sort=name', '--mtime=@0', '-cf', layer, '.'])
  return layerOf(layer)
}
