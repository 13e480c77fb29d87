import { t } from '@vscode/l10n'
import { child, valueAt } from './path.ts'
import type { SchemaFacts } from './schema.ts'
import type { ClusterFacts, ValuePath } from './types.ts'

/** A value that could stand somewhere, with one line of why. */
export interface KnownValue {
  readonly value: string | number | boolean
  readonly detail: string
}

/** What the connected cluster offers for a value: storage classes, snapshot classes, images and tags, namespaces, nodes and their labels. */
export function clusterValues(facts: ClusterFacts, path: ValuePath, values: unknown): KnownValue[] {
  const key = path.at(-1)
  const parent = path.at(-2)
  const nodes = facts.nodes ?? []
  if (parent === 'nodeSelector' && typeof key === 'string') {
    return texts(nodes.map(({ labels }) => (Object.hasOwn(labels, key) ? labels[key] : undefined))).map((value) => ({
      value,
      detail: t('label of nodes in {0}', facts.context),
    }))
  }
  switch (key) {
    case 'storageClass':
    case 'storageClassName':
      return (facts.storageClasses ?? []).map(({ name, isDefault, provisioner }) => ({
        value: name,
        detail: isDefault
          ? t('default storage class of {0}, by {1}', facts.context, provisioner)
          : t('storage class of {0}, by {1}', facts.context, provisioner),
      }))
    case 'snapshotClass':
    case 'snapshotClassName':
    case 'volumeSnapshotClass':
    case 'volumeSnapshotClassName':
      return (facts.snapshotClasses ?? []).map(({ name, driver }) => ({ value: name, detail: t('snapshot class of {0}, by {1}', facts.context, driver) }))
    case 'namespace':
      return (facts.namespaces ?? []).map(({ name, podSecurity }) => ({ value: name, detail: t('namespace of {0}, pods as {1}', facts.context, podSecurity) }))
    case 'nodeName':
      return nodes.map(({ name }) => ({ value: name, detail: t('node of {0}', facts.context) }))
    case 'image':
    case 'repository':
      return texts(imagesOf(facts).map(({ name }) => name)).map((value) => ({ value, detail: t('image on a node of {0}', facts.context) }))
    case 'tag': {
      const sibling = valueAt(values, path.slice(0, -1))
      const image = child(sibling, 'image') ?? child(sibling, 'repository')
      const tags = imagesOf(facts).filter(({ name }) => name === image || name.endsWith(`/${String(image)}`))
      return texts(tags.map(({ tag }) => tag)).map((value) => ({ value, detail: t('tag of {0} on a node of {1}', String(image), facts.context) }))
    }
    default:
      return []
  }
}

/** Labels of the cluster's nodes, which are the keys of a `nodeSelector`. */
export function clusterKeys(facts: ClusterFacts, path: ValuePath): string[] {
  return path.at(-1) === 'nodeSelector' ? texts((facts.nodes ?? []).flatMap(({ labels }) => Object.keys(labels))) : []
}

const memory = ['64Mi', '128Mi', '256Mi', '512Mi', '1Gi', '2Gi']
const disk = ['1Gi', '2Gi', '5Gi', '10Gi', '20Gi', '50Gi', '100Gi']
const processor = ['50m', '100m', '250m', '500m', '1', '2', '4']

/** Usual amounts where the value is one of a quantity, by the name that Kubernetes gives it; those that the schema refuses are for the caller to leave out. */
export function usualSizes(path: ValuePath, facts: SchemaFacts): KnownValue[] {
  if (facts.enum !== undefined || !facts.types.includes('string')) return []
  const key = String(path.at(-1))
  const sizes =
    key === 'cpu'
      ? processor
      : key === 'memory'
        ? memory
        : /^(?:size|storage|ephemeral-storage|sizeLimit|capacity)$|Size$/.test(key)
          ? disk
          : /Gi/.test(facts.pattern ?? '')
            ? disk
            : []
  return sizes.map((value) => ({ value, detail: t('size') }))
}

function imagesOf(facts: ClusterFacts): { name: string; tag: string | undefined }[] {
  return (facts.nodes ?? [])
    .flatMap(({ images }) => images)
    .filter((image) => !image.includes('@'))
    .map((image) => {
      const short = image.replace(/^docker\.io\/(?:library\/)?/, '')
      const colon = short.lastIndexOf(':')
      return colon > short.lastIndexOf('/') ? { name: short.slice(0, colon), tag: short.slice(colon + 1) } : { name: short, tag: undefined }
    })
}

const texts = (all: readonly (string | undefined)[]): string[] => [...new Set(all.filter((text): text is string => text !== undefined && text !== ''))].sort()
