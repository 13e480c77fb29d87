import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { nameOf, parseManifest, type RenderedObject } from './manifest.ts'

/** One resource of a release, as it is and as it would be. */
export interface ResourceChange {
  /** `StatefulSet/loco-loco-emulator`; with the namespace before it where that is not the one of the release. */
  readonly name: string
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged'
  /** Its YAML as deployed; empty when it is added. */
  readonly before: string
  /** Its YAML as rendered; empty when it is removed. */
  readonly after: string
}

/**
 * What two manifests differ in, resource by resource: first those of `after` in its order, then what is no longer there. `namespace` is that of the release. Texts are normalised, so that neither
 * the order of keys, nor comments, nor quotes make a difference. What Secrets hold is not in them, only whether it is another. Pure.
 */
export function compareManifests(before: string, after: string, namespace: string): ResourceChange[] {
  const [old, young] = [textsOf(before, namespace), textsOf(after, namespace)]
  const kept = [...young].map(([name, text]): ResourceChange => {
    const was = old.get(name)
    return { name, change: was === undefined ? 'added' : was === text ? 'unchanged' : 'changed', before: was ?? '', after: text }
  })
  const gone = [...old].filter(([name]) => !young.has(name)).map(([name, text]): ResourceChange => ({ name, change: 'removed', before: text, after: '' }))
  return [...kept, ...gone]
}

function textsOf(manifest: string, own: string): Map<string, string> {
  return new Map(
    parseManifest(manifest).map((object) => {
      const { namespace = own } = object.metadata
      return [namespace === own ? nameOf(object) : `${namespace}/${nameOf(object)}`, textOf(object)]
    }),
  )
}

/** What a reader looks for first. */
const first = ['apiVersion', 'kind', 'metadata', 'name', 'namespace', 'type', 'spec']

function textOf(object: RenderedObject): string {
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length)
  return stringify(object.kind === 'Secret' ? withoutSecrets(object) : object, {
    // Strings that YAML 1.1 takes for something else keep their quotes, as those who read it with kubectl expect.
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    sortMapEntries: ({ key: a }, { key: b }) => {
      const [x, y] = [keyOf(a), keyOf(b)]
      return rank(x) - rank(y) || (x < y ? -1 : x > y ? 1 : 0)
    },
  })
}

const keyOf = (key: unknown): string => String((key as { value?: unknown }).value ?? key)

/** A preview stands on a screen that others may see. */
function withoutSecrets(secret: RenderedObject): RenderedObject {
  const hidden = (part: unknown): Record<string, string> =>
    Object.fromEntries(
      Object.entries((part ?? {}) as Record<string, unknown>).map(([key, value]) => [
        key,
        `<${createHash('sha256').update(String(value)).digest('hex').slice(0, 8)}>`,
      ]),
    )
  const { data, stringData, ...rest } = secret
  return { ...rest, ...(data !== undefined && { data: hidden(data) }), ...(stringData !== undefined && { stringData: hidden(stringData) }) }
}
