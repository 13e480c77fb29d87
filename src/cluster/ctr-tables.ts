/** A name in containerd and the digest of the manifest (or index) that it leads to. */
export interface NamedDigest {
  name: string
  digest: string
}

/** Rows of `ctr images ls`: `REF TYPE DIGEST SIZE PLATFORMS LABELS`. */
export function parseImageTable(table: string): NamedDigest[] {
  return rows(table).flatMap(([name, , digest]) => (name !== undefined && digest?.startsWith('sha256:') ? [{ name, digest }] : []))
}

/** Image names of the rows of `ctr containers ls`: `CONTAINER IMAGE RUNTIME`, each once. */
export function parseContainerTable(table: string): string[] {
  return [...new Set(rows(table).flatMap(([, image]) => (image === undefined || image === '-' ? [] : [image])))]
}

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/))

/** What a stored manifest says: the id of its image, or (an index) the digests of the manifests to look at, best first. */
export function readManifest(json: string, architecture: string): { id: string } | { manifests: string[] } {
  const manifest = JSON.parse(json) as {
    config?: { digest: string }
    manifests?: { digest: string; platform?: { architecture?: string } }[]
  }
  if (manifest.config !== undefined) return { id: manifest.config.digest }
  const fits = (one: { platform?: { architecture?: string } }): number => (one.platform?.architecture === architecture ? 0 : 1)
  return { manifests: (manifest.manifests ?? []).toSorted((a, b) => fits(a) - fits(b)).map(({ digest }) => digest) }
}
