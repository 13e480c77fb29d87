import { chmod, chown, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { SandboxPaths } from './paths.ts'
import { plan } from './plan.ts'

export const apiUrl = 'https://127.0.0.1:6443'

/** A kubeconfig with one context, everything it needs inside. */
export function kubeconfigText(user: string, pem: { ca: string; cert: string; key: string }): string {
  const data = (text: string): string => Buffer.from(text).toString('base64')
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: plan.context, cluster: { server: apiUrl, 'certificate-authority-data': data(pem.ca) } }],
    users: [{ name: user, user: { 'client-certificate-data': data(pem.cert), 'client-key-data': data(pem.key) } }],
    contexts: [{ name: plan.context, context: { cluster: plan.context, user } }],
    'current-context': plan.context,
  })
}

/** Users whose parts read a kubeconfig, `<root>/<user>.kubeconfig`. */
export const kubeconfigUsers = [
  'controller-manager',
  'scheduler',
  'kubelet',
  'kube-proxy',
  'coredns',
  'local-path-provisioner',
  'csi-provisioner',
  'csi-snapshotter',
  'snapshot-controller',
] as const

/** Writes the parts' kubeconfigs and the person's, which belongs to the one who called and is readable by nobody else. */
export async function writeKubeconfigs(paths: SandboxPaths): Promise<void> {
  const ca = await readFile(join(paths.pki, 'ca.crt'), 'utf8')
  const text = async (certificate: string, user: string): Promise<string> => {
    const [cert, key] = await Promise.all(['crt', 'key'].map((extension) => readFile(join(paths.pki, `${certificate}.${extension}`), 'utf8')))
    return kubeconfigText(user, { ca, cert: cert as string, key: key as string })
  }
  for (const user of kubeconfigUsers) await replace(join(paths.root, `${user}.kubeconfig`), await text(user, user))
  await replace(paths.kubeconfig, await text('admin', 'loco-sandbox-admin'), paths.owner)
}

async function replace(path: string, text: string, owner?: { uid: number; gid: number }): Promise<void> {
  const fresh = `${path}.new`
  await writeFile(fresh, text, { mode: 0o600 })
  await chmod(fresh, 0o600)
  if (owner !== undefined) await chown(fresh, owner.uid, owner.gid)
  await rename(fresh, path)
}
