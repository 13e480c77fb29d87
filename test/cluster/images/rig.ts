import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from 'mocha'
import { ContainerdImageStore } from '../../../src/cluster/containerd-store.ts'
import { DockerEngine } from '../../../src/images/engine.ts'
import type { ImagePart } from '../../../src/images/parts.ts'
import { skipBecause } from '../../skip.ts'

/** A tiny image of our own with nine names, in the real engine and on the real node, that leaves nothing behind. */
export interface ImageRig {
  docker: DockerEngine
  store: ContainerdImageStore
  part: ImagePart
  /** Writes the Dockerfile; a shell of its own is put in before these lines, because there may be no registry with a base image. */
  dockerfile(lines: string): void
  file(name: string, content: string): void
  clean(): Promise<void>
}

const shell = 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]'

/** The engine and the node that the environment names; skips the test when it names none. */
export function imageRig(context: Context): ImageRig {
  const { LOCO_TEST_DOCKER_HOST: host, LOCO_TEST_CONTAINERD: containerd } = process.env
  if (!host || !containerd) skipBecause(context, 'no sandbox: LOCO_TEST_DOCKER_HOST and LOCO_TEST_CONTAINERD are not set')
  const [address = '', ctr = 'ctr'] = containerd.split(':')
  const docker = new DockerEngine(host)
  const store = new ContainerdImageStore({ address, namespace: 'k8s.io', ctr })
  const folder = mkdtempSync(join(tmpdir(), 'loco-image-'))
  // The static shell that the sandbox's own images are made of.
  copyFileSync('/bin/busybox', join(folder, 'busybox'))
  const name = `loco-test-${randomBytes(4).toString('hex')}`
  const part: ImagePart = {
    name,
    repositories: Array.from({ length: 9 }, (_, n) => `${name}-${n}`),
    version: '0.1.0',
    context: { folder, ignore: [], injected: {} },
  }
  return {
    docker,
    store,
    part,
    dockerfile: (lines) => writeFileSync(join(folder, 'Dockerfile'), `${shell}\n${lines}\n`),
    file: (path, content) => writeFileSync(join(folder, path), content),
    async clean() {
      rmSync(folder, { recursive: true, force: true })
      const ours = (await store.list()).filter(({ refs }) => refs.some((ref) => ref.startsWith(name)))
      await store.remove(ours.map(({ id }) => id))
      for (const image of await docker.labelled({ 'org.loco-cluster.part': name })) for (const ref of [...image.refs, image.id]) await docker.remove(ref)
    },
  }
}
