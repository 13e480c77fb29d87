import { parseAllDocuments } from 'yaml'

/** A rendered object, as far as every object of Kubernetes has this shape. */
export interface RenderedObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> }
  spec?: Record<string, unknown>
  [field: string]: unknown
}

/** The objects of a manifest of several YAML documents; empty documents are left out. Helm has already made sure that it is YAML. */
export function parseManifest(text: string): RenderedObject[] {
  // YAML 1.1 scalars, as Helm and the API server read them: an unquoted `yes` or `0777` must not look different here.
  return [...parseAllDocuments(text, { version: '1.1', merge: true })]
    .map((document) => document.toJS() as RenderedObject | null)
    .filter((object) => object !== null)
}

/** `StatefulSet/loco-loco-emulator`: how messages name an object. */
export const nameOf = (object: RenderedObject): string => `${object.kind}/${object.metadata.name}`
