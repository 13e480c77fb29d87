import type { CodeEntry } from './entry.ts'

/** Images: what goes in (00x), the build (01x), the way to the node (03x). */
export const imagesCodes = {
  'LOCO-BLD-001': {
    exit: 26,
    title: 'This part has no image yet',
    explain: 'The part is known, but this version of Loco Cluster builds no image for it. `emulator` is the one that exists.',
  },
  'LOCO-BLD-002': {
    exit: 25,
    title: 'No such part',
    explain: 'The word is not the name of a part that has an image. The message lists the parts.',
  },
  'LOCO-BLD-003': {
    exit: 25,
    title: 'A file for the image is missing',
    explain:
      'A file that goes into the image is not there. In a checkout the bundles are made by `npm run build`; an installed extension brings them, so a missing one means a broken installation.',
  },
  'LOCO-BLD-004': {
    exit: 28,
    title: 'Too much goes into the image',
    explain:
      'The folder of the image holds far more than its sources, most often a disk of your own that lies there. Move it away: a disk comes in by build argument or by a claim.',
  },
  'LOCO-BLD-005': {
    exit: 28,
    title: 'A file for the image cannot be used',
    explain: 'The folder of the image holds something that is neither file, folder nor symbolic link, or that this user may not read.',
  },
  'LOCO-BLD-010': {
    exit: 20,
    title: 'A step of the image build failed',
    explain: 'A command in the Dockerfile ended with an error. The message names the step, the evidence holds its last lines.',
  },
  'LOCO-BLD-011': {
    exit: 25,
    title: 'A base image is missing',
    explain:
      'The image that the Dockerfile starts from is not in the Docker engine, and no registry gave it. The sandbox makes stand-ins for the usual ones when no registry is reachable (`loco sandbox up`).',
  },
  'LOCO-BLD-012': {
    exit: 29,
    title: 'The registry of a base image is not reachable',
    explain:
      'The base image is not in the Docker engine and the registry could not be asked: no network, a proxy, or a certificate that the engine does not trust.',
  },
  'LOCO-BLD-013': {
    exit: 29,
    title: 'The disk is full',
    explain:
      'The Docker engine has no room left for the image. Free some space: `docker system df` says what takes it, `docker image prune` removes what no tag names.',
  },
  'LOCO-BLD-014': {
    exit: 29,
    title: 'The package mirror is not reachable',
    explain:
      'A step of the build installs packages and could not fetch them: no network, no name resolution, a proxy, or a mirror that is down. Try again when it is reachable.',
  },
  'LOCO-BLD-015': {
    exit: 25,
    title: 'A package does not exist',
    explain:
      'A step of the build asks for a package that the mirror does not have, often because the base image is of another release than the Dockerfile expects.',
  },
  'LOCO-BLD-016': {
    exit: 25,
    title: 'The Dockerfile copies a file that is not there',
    explain: 'A COPY or ADD step names a file that is neither in the folder of the image nor in the stage it copies from.',
  },
  'LOCO-BLD-017': {
    exit: 28,
    title: 'The Dockerfile is wrong',
    explain: 'The Docker engine cannot read the Dockerfile; the message carries its words with the line.',
  },
  'LOCO-BLD-018': {
    exit: 26,
    title: 'The base image is made for another processor',
    explain: 'A program of the base image cannot run on this machine. Take a base image of the right architecture.',
  },
  'LOCO-BLD-019': {
    exit: 29,
    title: 'The build broke off',
    explain: 'The Docker engine ended the build without saying that it was done, for example because the engine was stopped. Run the command again.',
  },
  'LOCO-BLD-020': {
    exit: 29,
    title: 'A build step was killed',
    explain: 'The kernel or a person killed a command of the build (exit code 137), most often because memory ran out. Give it more, or close other programs.',
  },
  'LOCO-BLD-030': {
    exit: 29,
    title: 'The image store of the node does not answer',
    explain: 'The container runtime of the node could not be asked. `loco sandbox status` says whether it runs.',
  },
  'LOCO-BLD-031': {
    exit: 20,
    title: 'The node did not take the image',
    explain:
      'The container runtime refused the image or broke off while it was sent. The message carries its words. Nothing half is left: run the command again.',
  },
  'LOCO-BLD-032': {
    exit: 21,
    title: 'The node has another image than the one that was built',
    explain:
      'After the transfer the name on the node leads to another image, or to none. Somebody else may have changed it at the same time. Run the command again; if it stays, remove the name on the node first.',
  },
  'LOCO-BLD-033': {
    exit: 29,
    title: 'The disk of the node is full',
    explain: 'The node has no room for the image. Free some space on it; older images of Loco Cluster go with `loco rebuild`.',
  },
  'LOCO-BLD-034': {
    exit: 25,
    title: 'The image is gone from the Docker engine',
    explain: 'The image was there a moment ago and is not any more: somebody removed it while it was being sent. Run the command again to build it anew.',
  },
  'LOCO-BLD-035': {
    exit: 27,
    title: 'The image store of the node does not let you in',
    explain: 'This user may not speak with the container runtime of the node. The sandbox belongs to root: run the command with `sudo`.',
  },
} as const satisfies Record<string, CodeEntry>
