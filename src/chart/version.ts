import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

export interface HelmVersion {
  major: number
  minor: number
  patch: number
}

/** The oldest of each major version that reads values schemas as ours is written: 3.18.5 changed the validator. */
const oldest: Record<number, HelmVersion> = { 3: { major: 3, minor: 18, patch: 5 }, 4: { major: 4, minor: 0, patch: 0 } }

/** The version in `helm version --template '{{.Version}}'`, such as `v3.18.5`, `v4.3` (built from source) or `v4.0.0-rc.1`; undefined for other text. */
export function parseHelmVersion(text: string): HelmVersion | undefined {
  const [, major, minor, patch = '0'] = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?=[-+\s]|$)/.exec(text.trim()) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

/**
 * The version, when it is one that we work with.
 * @throws LOCO-CHT-002 when it is too old, of a major version that did not exist yet, or no version at all
 */
export function supportedVersion(text: string, binary: string): HelmVersion {
  const version = parseHelmVersion(text)
  const least = version && oldest[version.major]
  if (version === undefined || least === undefined || version.minor < least.minor || (version.minor === least.minor && version.patch < least.patch)) {
    throw new LocoError('LOCO-CHT-002', {
      what:
        text.trim() === ''
          ? t`The program ${binary} does not say which version of helm it is.`
          : t`The program ${binary} is helm ${text.trim()}, which does not fit.`,
      why: t('Needed is Helm 3.18.5 or newer, or 4.x.'),
      fix: [t('Install a newer helm: https://helm.sh/docs/intro/install'), t('or start the sandbox, which brings one: loco sandbox up')],
    })
  }
  return version
}
