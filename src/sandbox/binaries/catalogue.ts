import { join } from 'node:path'
import type { AdditionName } from '../additions.ts'
import type { ProductName } from '../versions.ts'
import { versions } from '../versions.ts'

export type Arch = 'amd64' | 'arm64'

export const binaryNames = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubectl',
  'etcd',
  'coredns',
  'local-path-provisioner',
  'helm',
  'csi-provisioner',
  'csi-snapshotter',
  'snapshot-controller',
] as const
export type BinaryName = (typeof binaryNames)[number]
export type BinaryPaths = Record<BinaryName, string>

/** How Go names an architecture of Node; undefined for those we have no programs for. */
export function goArch(arch: NodeJS.Architecture): Arch | undefined {
  return arch === 'x64' ? 'amd64' : arch === 'arm64' ? 'arm64' : undefined
}

/** One file of a publisher: a bare program, or an archive that holds one. */
export interface Release {
  binary: BinaryName
  url: string
  /** Where the publisher says its SHA-256: a file with that sum alone, or lines `SUM  NAME`. */
  sumUrl: string
  /** Path of the program in a .tar.gz; undefined when the download is the program. */
  member?: string
}

/** Something with one version: which programs it gives, from where, and how Go builds it. */
export interface Product {
  name: ProductName
  version: string
  binaries: readonly BinaryName[]
  /** Empty where the publisher offers no program. */
  releases(arch: Arch): Release[]
  /** Linker flags beside -s -w. */
  ldflags: readonly string[]
  /** What `go build` calls the program, where that differs. */
  built: Readonly<Record<string, BinaryName>>
  /** With which addition it comes; undefined for what every sandbox needs. */
  addition?: AdditionName
  /** Seconds a build took on two cores with empty Go caches: the first guess of the time left. */
  seconds: number
}

/** Where the publishers are. A test puts a server of its own here. */
export interface ReleaseHosts {
  kubernetes: string
  github: string
  helm: string
}
export const publishers: ReleaseHosts = { kubernetes: 'https://dl.k8s.io', github: 'https://github.com', helm: 'https://get.helm.sh' }

export function products(hosts: ReleaseHosts = publishers): Product[] {
  const kubernetes = versions.kubernetes
  const minor = kubernetes.split('.')[1]
  const version = 'k8s.io/component-base/version'
  const kubernetesBinaries = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy', 'kubectl'] as const
  return [
    {
      name: 'kubernetes',
      version: kubernetes,
      binaries: kubernetesBinaries,
      releases: (arch) =>
        kubernetesBinaries.map((binary) => {
          const url = `${hosts.kubernetes}/release/v${kubernetes}/bin/linux/${arch}/${binary}`
          return { binary, url, sumUrl: `${url}.sha256` }
        }),
      ldflags: [`-X ${version}.gitVersion=v${kubernetes}`, `-X ${version}.gitMajor=1`, `-X ${version}.gitMinor=${minor}`],
      built: {},
      seconds: 440,
    },
    {
      name: 'etcd',
      version: versions.etcd,
      binaries: ['etcd'],
      releases: (arch) => {
        const folder = `${hosts.github}/etcd-io/etcd/releases/download/v${versions.etcd}`
        const name = `etcd-v${versions.etcd}-linux-${arch}`
        return [{ binary: 'etcd', url: `${folder}/${name}.tar.gz`, sumUrl: `${folder}/SHA256SUMS`, member: `${name}/etcd` }]
      },
      ldflags: [],
      built: { server: 'etcd' },
      seconds: 45,
    },
    {
      name: 'coredns',
      version: versions.coredns,
      binaries: ['coredns'],
      releases: (arch) => {
        const url = `${hosts.github}/coredns/coredns/releases/download/v${versions.coredns}/coredns_${versions.coredns}_linux_${arch}.tgz`
        return [{ binary: 'coredns', url, sumUrl: `${url}.sha256`, member: 'coredns' }]
      },
      ldflags: [],
      built: {},
      seconds: 180,
    },
    {
      name: 'local-path-provisioner',
      version: versions['local-path-provisioner'],
      binaries: ['local-path-provisioner'],
      // Its publisher offers an image only.
      releases: () => [],
      ldflags: [],
      built: {},
      seconds: 120,
    },
    {
      name: 'helm',
      version: versions.helm,
      binaries: ['helm'],
      releases: (arch) => {
        const url = `${hosts.helm}/helm-v${versions.helm}-linux-${arch}.tar.gz`
        return [{ binary: 'helm', url, sumUrl: `${url}.sha256sum`, member: `linux-${arch}/helm` }]
      },
      ldflags: [`-X helm.sh/helm/v4/internal/version.version=v${versions.helm}`],
      built: {},
      seconds: 150,
    },
    {
      name: 'external-provisioner',
      version: versions['external-provisioner'],
      binaries: ['csi-provisioner'],
      // The publishers of these two offer images only.
      releases: () => [],
      ldflags: [`-X main.version=v${versions['external-provisioner']}`],
      built: {},
      addition: 'csi',
      seconds: 170,
    },
    {
      name: 'external-snapshotter',
      version: versions['external-snapshotter'],
      binaries: ['csi-snapshotter', 'snapshot-controller'],
      releases: () => [],
      ldflags: [`-X main.version=v${versions['external-snapshotter']}`],
      built: {},
      addition: 'csi',
      seconds: 20,
    },
  ]
}

/** The products that a sandbox with these additions is made of. */
export function productsOf(additions: readonly AdditionName[], hosts: ReleaseHosts = publishers): Product[] {
  return products(hosts).filter(({ addition }) => addition === undefined || additions.includes(addition))
}

/** The cache folder of a product: keyed by version and architecture, so that versions lie side by side. */
export function productFolder(cache: string, product: Pick<Product, 'name' | 'version'>, arch: Arch): string {
  return join(cache, 'bin', `${product.name}-${product.version}-linux-${arch}`)
}

/** Where each program is once it is there. */
export function binaryPaths(cache: string, arch: Arch): BinaryPaths {
  const paths = products().flatMap((product) => product.binaries.map((binary) => [binary, join(productFolder(cache, product, arch), binary)]))
  return Object.fromEntries(paths) as BinaryPaths
}
