import { t } from '@vscode/l10n'
import { type Row, seenTwice } from '../row.ts'

const pulling = ['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable']
const image = { layer: 'image' } as const

/** Looked for in a container's waiting reason; the words are its message and those of the container's events `Failed` and `InspectFailed`. */
export const imageRows: readonly Row[] = [
  {
    ...image,
    code: 'LOCO-IMG-010',
    reasons: ['ErrImageNeverPull'],
    patience: seenTwice,
    cause: (facts) => t`The node has no image ${facts.image}, and the pull policy Never keeps it from looking elsewhere.`,
    fix: () => ['loco rebuild emulator', t('Or let the node pull it: --set emulator.imagePullPolicy=IfNotPresent')],
  },
  {
    ...image,
    code: 'LOCO-IMG-011',
    reasons: ['InvalidImageName'],
    patience: seenTwice,
    cause: (facts) => t`The image name ${facts.image} cannot be read: upper case letters, an empty tag and double colons are not allowed.`,
    fix: () => [t('Correct emulator.image and emulator.tag in the values, then run loco bootstrap again.')],
  },
  {
    ...image,
    code: 'LOCO-IMG-008',
    reasons: pulling,
    text: /no match for platform|no matching manifest|no image found in (?:manifest list|image index) for architecture/i,
    patience: seenTwice,
    cause: (facts) => t`The image ${facts.image} has no variant for the processor of the node.`,
    fix: () => ['loco rebuild emulator', t('Compare with the node: kubectl get nodes -L kubernetes.io/arch')],
  },
  {
    ...image,
    code: 'LOCO-IMG-009',
    reasons: pulling,
    text: /no space left on device|failed to register layer/i,
    patience: seenTwice,
    cause: (facts) => t`The disk of the node is full: the image ${facts.image} could not be unpacked.`,
    fix: () => [t('Remove unused images on the node (docker image prune -a, crictl rmi --prune), or give it a larger disk.')],
  },
  {
    ...image,
    code: 'LOCO-IMG-004',
    reasons: pulling,
    text: /x509: certificate (?:has expired|is valid for|is not valid|relies on legacy)|x509: cannot validate certificate for/i,
    patience: seenTwice,
    cause: (facts) => t`The certificate of the registry of ${facts.image} has expired or is made for another name.`,
    fix: () => [t('Renew the certificate, or use one of its names in the image.'), t('Check the clock of the node.')],
  },
  {
    ...image,
    code: 'LOCO-IMG-003',
    reasons: pulling,
    text: /x509: certificate signed by unknown authority/i,
    patience: seenTwice,
    cause: (facts) => t`The node does not trust the authority that signed the certificate of the registry of ${facts.image}.`,
    fix: () => [t('Install the authority on the node (containerd: certs.d/HOST/hosts.toml; minikube: ~/.minikube/certs and minikube start --embed-certs).')],
  },
  {
    ...image,
    code: 'LOCO-IMG-005',
    reasons: pulling,
    text: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
    patience: seenTwice,
    cause: (facts) => t`The registry of ${facts.image} speaks plain HTTP where the node expects TLS.`,
    fix: () => [
      t('Give the registry a certificate.'),
      t('Or declare it insecure on the node (containerd: certs.d/HOST/hosts.toml; minikube start --insecure-registry).'),
    ],
  },
  {
    ...image,
    code: 'LOCO-IMG-007',
    reasons: pulling,
    text: /toomanyrequests|\b429\b/i,
    patience: { seconds: 120 },
    cause: (facts) => t`The registry of ${facts.image} refuses further pulls from this address for now.`,
    fix: () => ['loco rebuild emulator', t('Or log in: set imagePullSecrets in the values.')],
  },
  {
    ...image,
    code: 'LOCO-IMG-002',
    reasons: pulling,
    text: /unauthorized|pull access denied|\bdenied\b|authentication required|insufficient_scope|403 Forbidden/i,
    patience: seenTwice,
    cause: (facts) => t`The registry refuses ${facts.image}: a login is missing or wrong, or the name exists only locally and was looked up at Docker Hub.`,
    fix: () => [
      'loco rebuild emulator',
      t('Or name a pull secret: set imagePullSecrets in the values.'),
      t('Or use only local images: --set emulator.imagePullPolicy=Never'),
    ],
  },
  {
    ...image,
    code: 'LOCO-IMG-006',
    reasons: pulling,
    text: /no such host|i\/o timeout|connection refused|connection reset|no route to host|network is unreachable|server misbehaving|TLS handshake timeout|deadline exceeded|Client\.Timeout|\bEOF\b|\b50[0234]\b/i,
    patience: { seconds: 60 },
    cause: (facts) => t`The node does not reach the registry of ${facts.image}.`,
    fix: () => [t('Check name lookup, network and proxy on the node.'), t('Or put the image there: loco rebuild emulator')],
  },
  {
    ...image,
    code: 'LOCO-IMG-001',
    reasons: pulling,
    text: /not found|manifest unknown|name unknown|does not exist/i,
    patience: seenTwice,
    cause: (facts) => t`The registry has no image ${facts.image}.`,
    fix: () => [t('Correct emulator.image and emulator.tag in the values.'), t('Or put a built image on the node: loco rebuild emulator')],
  },
  {
    ...image,
    code: 'LOCO-IMG-019',
    reasons: [...pulling, 'ImageInspectError', 'SignatureValidationFailed'],
    patience: { seconds: 60 },
    cause: (facts) => t`The image ${facts.image} cannot be pulled.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe pod ${facts.object}`],
  },
]

/** Looked for in running containers: their image id beside the one that was built. */
export const staleImageRow: Row = {
  ...image,
  code: 'LOCO-IMG-016',
  patience: seenTwice,
  cause: (facts) => t`The container ${facts.container} runs another image than the one that was built as ${facts.image}.`,
  fix: () => ['loco rebuild emulator'],
}
