import { labels, partOf } from '../contracts/names.ts'

/** Who made a namespace: ours are taken away again, others never. */
const namespaceMark: Readonly<Record<string, string>> = { [labels.partOf]: partOf, [labels.managedBy]: 'loco' }

/** Labels of a namespace that we make: our mark, and pods that need rights are refused by the cluster itself. */
export const namespaceLabels: Readonly<Record<string, string>> = {
  ...namespaceMark,
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
}

/** Labels of a namespace for work on the node: it lets in pods with folders of it. */
export const nodeNamespaceLabels: Readonly<Record<string, string>> = { ...namespaceMark, 'pod-security.kubernetes.io/enforce': 'privileged' }

/** True when a namespace with these labels was made by us. */
export function isOurNamespace(found: Readonly<Record<string, string>>): boolean {
  return Object.entries(namespaceMark).every(([name, value]) => found[name] === value)
}

/** Selector for everything of one release. */
export const releaseSelector = (release: string): string => `${labels.partOf}=${partOf},${labels.instance}=${release}`

/** True when an object with these labels belongs to the release. */
export function isOfRelease(found: Readonly<Record<string, string>>, release: string): boolean {
  return found[labels.partOf] === partOf && found[labels.instance] === release
}
