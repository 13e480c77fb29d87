const defaultRegistry = 'docker.io'

/**
 * The full name that container runtimes keep for what a person writes: `busybox` → `docker.io/library/busybox:latest`.
 * Names that are full already, and image ids, stay as they are.
 */
export function fullReference(reference: string): string {
  if (reference.startsWith('sha256:')) return reference
  const slash = reference.indexOf('/')
  const first = slash === -1 ? '' : reference.slice(0, slash)
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost'
  const path = hasRegistry ? reference : `${defaultRegistry}/${slash === -1 ? 'library/' : ''}${reference}`
  return /[:@][^/]*$/.test(path.slice(path.indexOf('/'))) ? path : `${path}:latest`
}

/** The short name that a person writes for a full one: `docker.io/library/busybox:1` → `busybox:1`. */
export function shortReference(reference: string): string {
  return reference.replace(/^docker\.io\/(?:library\/)?/, '')
}
