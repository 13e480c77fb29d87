import { randomBytes, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { plan } from './plan.ts'
import { run } from './run.ts'

/** A certificate: whose authority signs it, who it says it is, and for which names. */
export interface CertificateSpec {
  name: string
  authority: 'ca' | 'etcd-ca'
  subject: string
  names: readonly string[]
}

const local = ['DNS:localhost', 'IP:127.0.0.1']

/** Every certificate of the sandbox. Each part has its own, with the rights of its name and no more. */
export const certificateSpecs: readonly CertificateSpec[] = [
  {
    name: 'apiserver',
    authority: 'ca',
    subject: '/CN=kube-apiserver',
    names: [
      ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'].map((name) => `DNS:${name}`),
      ...local,
      `IP:${plan.apiService}`,
      `IP:${plan.gateway}`,
    ],
  },
  { name: 'apiserver-kubelet', authority: 'ca', subject: '/O=system:masters/CN=kube-apiserver-kubelet-client', names: [] },
  { name: 'admin', authority: 'ca', subject: '/O=system:masters/CN=loco-admin', names: [] },
  { name: 'controller-manager', authority: 'ca', subject: '/CN=system:kube-controller-manager', names: [] },
  { name: 'scheduler', authority: 'ca', subject: '/CN=system:kube-scheduler', names: [] },
  { name: 'kube-proxy', authority: 'ca', subject: '/CN=system:kube-proxy', names: [] },
  { name: 'coredns', authority: 'ca', subject: '/CN=loco:coredns', names: [] },
  { name: 'local-path-provisioner', authority: 'ca', subject: '/CN=loco:local-path-provisioner', names: [] },
  ...['csi-provisioner', 'csi-snapshotter', 'snapshot-controller'].map((name) => ({ name, authority: 'ca' as const, subject: `/CN=loco:${name}`, names: [] })),
  { name: 'kubelet', authority: 'ca', subject: `/O=system:nodes/CN=system:node:${plan.node}`, names: [`DNS:${plan.node}`, `IP:${plan.gateway}`] },
  { name: 'etcd', authority: 'etcd-ca', subject: '/CN=etcd', names: local },
  { name: 'etcd-client', authority: 'etcd-ca', subject: '/CN=kube-apiserver', names: [] },
]

const day = 86_400_000
const renewWithin = 30 * day

/** True when a certificate ends within the time in which `up` renews it. */
export function endsSoon(pem: string | Buffer, now: number): boolean {
  return new X509Certificate(pem).validToDate.getTime() - now < renewWithin
}

/** Makes what is missing or ends soon. The authorities and the key of the service accounts stay as they are for ten years: what they signed must stay valid. */
export async function ensureCertificates(pki: string, now = Date.now(), specs = certificateSpecs): Promise<void> {
  await mkdir(pki, { recursive: true, mode: 0o700 })
  await chmod(pki, 0o700)
  await Promise.all([makeAuthority(pki, 'ca', 'loco-sandbox'), makeAuthority(pki, 'etcd-ca', 'loco-sandbox-etcd'), makeAccountKey(pki)])
  await Promise.all(specs.map((spec) => ensureCertificate(pki, spec, now)))
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

async function makeAuthority(pki: string, name: string, commonName: string): Promise<void> {
  const [crt, key] = [join(pki, `${name}.crt`), join(pki, `${name}.key`)]
  if (existsSync(crt) && existsSync(key)) return
  await run('openssl', ['req', '-x509', ...newKey, '-keyout', `${key}.new`, '-out', `${crt}.new`, '-subj', `/CN=${commonName}`, '-days', '3650'])
  await rename(`${key}.new`, key)
  await rename(`${crt}.new`, crt)
}

async function makeAccountKey(pki: string): Promise<void> {
  const [key, pub] = [join(pki, 'sa.key'), join(pki, 'sa.pub')]
  if (existsSync(key) && existsSync(pub)) return
  await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key])
  await run('openssl', ['ec', '-in', key, '-pubout', '-out', pub])
  await chmod(key, 0o600)
}

async function ensureCertificate(pki: string, { name, authority, subject, names }: CertificateSpec, now: number): Promise<void> {
  const path = (extension: string): string => join(pki, `${name}.${extension}`)
  if (existsSync(path('key')) && existsSync(path('crt')) && !endsSoon(await readFile(path('crt')), now)) return
  const extensions = ['basicConstraints=CA:FALSE', 'extendedKeyUsage=serverAuth,clientAuth', ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : [])]
  try {
    await writeFile(path('ext'), `${extensions.join('\n')}\n`)
    await run('openssl', ['req', ...newKey, '-keyout', path('key'), '-out', path('csr'), '-subj', subject])
    const signer = ['-CA', join(pki, `${authority}.crt`), '-CAkey', join(pki, `${authority}.key`), '-set_serial', `0x${randomBytes(15).toString('hex')}`]
    await run('openssl', ['x509', '-req', '-in', path('csr'), ...signer, '-out', path('crt'), '-days', '365', '-extfile', path('ext')])
  } finally {
    await rm(path('ext'), { force: true })
    await rm(path('csr'), { force: true })
  }
}
