import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { NodeImageStore } from '../images/node-store.ts'
import type { SandboxAccess } from '../sandbox/sandbox.ts'
import { ContainerdImageStore } from './containerd-store.ts'
import type { ProviderName } from './kind-of-cluster.ts'
import { MachineFolders, type NodeFolders } from './node-folders.ts'

/** What a kind of cluster offers beside Kubernetes. */
export interface ClusterProvider {
  readonly name: ProviderName
  /** True where images can be put straight on the nodes. */
  readonly sideLoads: boolean
  /** Images of the nodes. @throws LOCO-ENV-015 where they cannot be reached */
  nodeImages(): NodeImageStore
  /** Address of the Docker engine that builds for this cluster. @throws LOCO-ENV-015 where there is none of its own */
  dockerHost(): string
  /** Folders of the node; undefined where this process cannot make any, and a hook of the chart does. */
  readonly folders: NodeFolders | undefined
}

/** The provider of a kind of cluster. @throws LOCO-ENV-017 for `native` without a running sandbox */
export function clusterProvider(name: ProviderName, sandbox: SandboxAccess | undefined): ClusterProvider {
  return name === 'native' ? nativeProvider(sandbox) : remoteProvider(name)
}

function nativeProvider(sandbox: SandboxAccess | undefined): ClusterProvider {
  if (sandbox === undefined) {
    throw new LocoError('LOCO-ENV-017', {
      what: t('The sandbox does not run on this machine.'),
      why: t('Its Docker engine builds the images and its node takes them.'),
      fix: ['sudo loco sandbox up'],
    })
  }
  const images = new ContainerdImageStore(sandbox.containerd)
  const folders = process.getuid?.() === 0 ? new MachineFolders() : undefined
  return { name: 'native', sideLoads: true, nodeImages: () => images, dockerHost: () => sandbox.dockerHost, folders }
}

/** What a person can do today where we cannot put images on the nodes. */
const byHand: Record<Exclude<ProviderName, 'native'>, () => readonly string[]> = {
  minikube: () => [t('minikube image load IMAGE puts an image on its node by hand.')],
  kind: () => [t('kind load docker-image IMAGE puts an image on its nodes by hand.')],
  k3d: () => [t('k3d image import IMAGE puts an image on its nodes by hand.')],
  'docker-desktop': () => [t('Images that its own Docker engine has can be used by its cluster.')],
  production: () => [],
}

function remoteProvider(name: Exclude<ProviderName, 'native'>): ClusterProvider {
  const refuse = (): never => {
    throw new LocoError('LOCO-ENV-015', {
      what: name === 'production' ? t('Images are not put on the nodes of this cluster.') : t`Images are not put on the nodes of a ${name} cluster.`,
      why: name === 'production' ? t('It is not proved to be a local cluster.') : t('That is not supported in this version.'),
      fix: [
        t('Push the images to a registry that the nodes can reach and name it: --set imageRepo=REGISTRY/PATH'),
        ...byHand[name](),
        t('or use the sandbox: --cluster native'),
      ],
    })
  }
  return { name, sideLoads: false, nodeImages: refuse, dockerHost: refuse, folders: undefined }
}
