import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { packageRoot } from '../base/package-root.ts'
import { emulatorImage } from '../contracts/names.ts'
import type { ContextSource } from './context.ts'

/** A part of the product that is an image. */
export interface ImagePart {
  name: string
  /** Repositories that all name the one image, the main one first. */
  repositories: readonly string[]
  /** Version of the release; a tag beside the content tag. */
  version: string
  context: ContextSource
}

/** How many repository names the emulator's image has, as in the original system: one for each of nine instances. */
const emulatorNames = 9

const planned = ['backend', 'frontend', 'vr']

/** The part of that name. @throws LOCO-BLD-001 for parts to come, -002 for unknown words */
export function imagePart(name: string): ImagePart {
  if (name === 'emulator') return emulator()
  if (planned.includes(name)) {
    throw new LocoError('LOCO-BLD-001', {
      what: t`The part "${name}" has no image yet.`,
      why: t('This version of Loco Cluster builds the image of the emulator only.'),
      fix: ['loco rebuild emulator'],
    })
  }
  throw new LocoError('LOCO-BLD-002', { what: t`There is no part "${name}".`, why: t('Parts with an image are: emulator.'), fix: ['loco rebuild emulator'] })
}

function emulator(): ImagePart {
  const root = packageRoot()
  return {
    name: 'emulator',
    repositories: Array.from({ length: emulatorNames }, (_, ordinal) => emulatorImage(ordinal)),
    version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
    context: {
      folder: join(root, 'containers', 'qemu-softgpu'),
      // Words about the image, the agent's sources (their bundle goes in) and disks change nothing in it: they must not cause a build.
      ignore: ['*.md', '*.ts', 'agent', '.*', 'node_modules', '*.img', '*.qcow2', '*.iso', '*.raw'],
      injected: { 'agent.cjs': join(root, 'dist', 'agent.cjs') },
    },
  }
}
