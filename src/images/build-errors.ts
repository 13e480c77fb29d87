import { t } from '@vscode/l10n'
import type { LocoCode } from '../base/codes.ts'
import { LocoError } from '../base/error.ts'
import type { BuildStep } from './builder-stream.ts'

/** What is known when a build ended badly. */
export interface BuildFailure {
  /** The engine's own error text. */
  error: string
  step: BuildStep | undefined
  /** Last lines of the step. */
  tail: readonly string[]
}

interface Cause {
  code: LocoCode
  /** In which words it shows; `where` tells which words are looked at. */
  words: RegExp
  where: 'error' | 'tail' | 'both'
  why: () => string
  fix: () => readonly string[]
}

const again = (): string => t('Run the command again.')

/** Ordered: the first that fits is the cause. What is deeper comes first, because a full disk makes apt fail too. */
const causes: readonly Cause[] = [
  {
    code: 'LOCO-BLD-013',
    words: /no space left on device|disk quota exceeded|You don't have enough free space/i,
    where: 'both',
    why: () => t('The disk of the Docker engine is full.'),
    fix: () => ['docker system df', 'docker image prune', again()],
  },
  {
    code: 'LOCO-BLD-017',
    words: /dockerfile parse error|unknown instruction|the Dockerfile .* cannot be empty|failed to process/i,
    where: 'error',
    why: () => t('The Docker engine cannot read the Dockerfile.'),
    fix: () => [t('Correct the line that the message names.')],
  },
  {
    code: 'LOCO-BLD-016',
    words: /^(?:COPY|ADD) failed/i,
    where: 'error',
    why: () => t('A file that the Dockerfile copies is not there.'),
    fix: () => [t('Put the file there, or correct the COPY line.'), t('npm run build makes the bundles of a checkout.')],
  },
  {
    code: 'LOCO-BLD-011',
    words: /manifest unknown|manifest for .* not found|pull access denied|repository does not exist|repository .* not found|No such image/i,
    where: 'error',
    why: () => t('The base image is not in the Docker engine, and its registry does not have it either.'),
    fix: () => [
      t('loco sandbox up makes stand-ins for the usual base images where no registry is reachable.'),
      t('docker pull the image, or name another by build argument.'),
    ],
  },
  {
    code: 'LOCO-BLD-012',
    words: /dial tcp|no such host|TLS handshake|x509:|i\/o timeout|request canceled|connection refused|proxyconnect|server misbehaving/i,
    where: 'error',
    why: () => t('The registry of the base image could not be asked.'),
    fix: () => [
      t('Check network, proxy and certificates of the Docker engine.'),
      t('loco sandbox up makes stand-ins for the usual base images where no registry is reachable.'),
    ],
  },
  {
    code: 'LOCO-BLD-014',
    words:
      /Temporary failure resolving|Could not resolve|Could not connect to|Unable to connect to|Failed to fetch|Connection (?:timed out|refused)|Network is unreachable/i,
    where: 'tail',
    why: () => t('The packages could not be fetched.'),
    fix: () => [t('Check the network and the proxy of this machine.'), again()],
  },
  {
    code: 'LOCO-BLD-015',
    words: /Unable to locate package|has no installation candidate|unmet dependencies|does not have a Release file/i,
    where: 'tail',
    why: () => t('The mirror does not have a package of that name for this release.'),
    fix: () => [t('Use a base image of the release that the Dockerfile expects.')],
  },
  {
    code: 'LOCO-BLD-018',
    words: /exec format error/i,
    where: 'both',
    why: () => t('The programs of the base image are made for another processor.'),
    fix: () => [t('Use a base image of the architecture of this machine.')],
  },
  {
    code: 'LOCO-BLD-020',
    words: /non-zero code: 137/,
    where: 'error',
    why: () => t('The command was killed, most often because memory ran out.'),
    fix: () => [t('Free memory on this machine.'), again()],
  },
]

/** What a failed build of the image of `part` is to a person. Pure. */
export function buildError(part: string, { error, step, tail }: BuildFailure): LocoError {
  const text = { error, tail: tail.join('\n'), both: `${error}\n${tail.join('\n')}` }
  const cause = causes.find(({ words, where }) => words.test(text[where]))
  return new LocoError(cause?.code ?? 'LOCO-BLD-010', {
    what:
      step === undefined
        ? t`Building the image of the ${part} failed.`
        : t`Building the image of the ${part} failed at step ${step.number} of ${step.total} (${shortened(step.instruction)}).`,
    why: cause?.why() ?? error,
    fix: cause?.fix() ?? [t('Correct what the last lines name.'), again()],
    evidence: [...tail, error],
  })
}

const shortened = (instruction: string): string => (instruction.length > 80 ? `${instruction.slice(0, 79)}…` : instruction)
