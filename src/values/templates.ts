import type { TemplateFile } from './chart.ts'
import { isTable, type Values } from './path.ts'
import { anyEntry, type Mention } from './template/mention.ts'
import { parseTemplate } from './template/parser.ts'
import { type Walked, walkTemplates } from './template/walk.ts'
import type { ValuePath } from './types.ts'

/** A value that a template reads and nobody gives a default. */
export interface Undefined {
  readonly path: ValuePath
  /** Where it is read; at least one place. */
  readonly places: readonly Mention[]
}

const indices = new WeakMap<readonly TemplateFile[], TemplateIndex>()

/** Which values the templates of a chart name and read, and where. */
export class TemplateIndex {
  readonly mentions: readonly Mention[]
  /** True when all values are handed to a template that is not in the chart (a library chart): then what is unread cannot be known. */
  readonly opaque: boolean
  /** Mentions by the first key of their path; those of all values, and of any entry of them, under an empty one. */
  readonly #byKey = new Map<string | number, Mention[]>()

  private constructor(templates: readonly TemplateFile[]) {
    const { mentions, opaque } = walked(templates)
    this.mentions = mentions
    this.opaque = opaque
    for (const mention of mentions) {
      const [first = ''] = mention.path
      const key = first === anyEntry ? '' : first
      const known = this.#byKey.get(key)
      if (known === undefined) this.#byKey.set(key, [mention])
      else known.push(mention)
    }
  }

  /** Mentions that can have to do with a path. */
  #about(path: ValuePath): readonly Mention[] {
    const [first = ''] = path
    if (first === '' || first === anyEntry) return this.mentions
    return [...(this.#byKey.get('') ?? []), ...(this.#byKey.get(first) ?? [])]
  }

  /** The index of these templates, made once for the same list. */
  static of(templates: readonly TemplateFile[]): TemplateIndex {
    const known = indices.get(templates)
    if (known !== undefined) return known
    const index = new TemplateIndex(templates)
    indices.set(templates, index)
    return index
  }

  /** Places that spell the value out, such as the `tag` of `.Values.emulator.tag`. */
  references(path: ValuePath): readonly Mention[] {
    return this.#about(path).filter((mention) => mention.spelt && fits(mention.path, path))
  }

  /** What is named at a place of a template: the value whose word it is. */
  at(file: string, offset: number): Mention | undefined {
    return this.mentions.find((mention) => mention.file === file && mention.spelt && mention.range.start <= offset && offset <= mention.range.end)
  }

  /** Places that read the value: by its name, or with all that is around it. */
  readers(path: ValuePath): readonly Mention[] {
    return this.#about(path).filter((mention) => mention.use !== 'step' && (mention.use === 'read' ? begins(path, mention.path) : fits(mention.path, path)))
  }

  /** True when no template reads the value or anything below it. */
  isUnread(path: ValuePath): boolean {
    return !this.#about(path).some(
      (mention) => (mention.use === 'read' && begins(path, mention.path)) || (begins(mention.path, path) && mention.use !== 'step'),
    )
  }

  /** The values of `defaults` that no template reads; of a map of which nothing is read only the map. `global` belongs to all charts. */
  unread(defaults: Values): ValuePath[] {
    return this.opaque ? [] : this.#unreadIn(defaults, []).filter(([first]) => first !== 'global')
  }

  #unreadIn(map: Values, at: ValuePath): ValuePath[] {
    return Object.entries(map).flatMap(([key, value]) => {
      const path = [...at, key]
      if (this.isUnread(path)) return [path]
      const whole = this.#about(path).some((mention) => mention.use === 'read' && begins(path, mention.path))
      return !whole && isTable(value) ? this.#unreadIn(value, path) : []
    })
  }

  /** Values that templates read unguarded and `defaults` lack. What lies in a map that is free to fill (`{}`) is not one of them. */
  undefinedIn(defaults: Values): Undefined[] {
    const found = new Map<string, Mention[]>()
    for (const mention of this.mentions) {
      if (mention.use === 'step' || mention.guarded || !mention.spelt || mention.path[0] === 'global' || !isMissing(defaults, mention.path)) continue
      const key = JSON.stringify(mention.path)
      found.set(key, [...(found.get(key) ?? []), mention])
    }
    return [...found.values()].map((places) => ({ path: places[0]?.path ?? [], places }))
  }
}

/** Templates nested so deep that they cannot be followed tell nothing, and so nothing is said of them. */
function walked(templates: readonly TemplateFile[]): Walked {
  try {
    return walkTemplates(templates.map(parseTemplate))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { mentions: [], opaque: true }
  }
}

/** True for a path that a mention's path, which may hold "any entry", stands for. */
function fits(mentioned: ValuePath, path: ValuePath): boolean {
  return mentioned.length === path.length && begins(path, mentioned)
}

/** True when `path` lies at or below `start`; "any entry" on either side stands for every key. */
function begins(path: ValuePath, start: ValuePath): boolean {
  return start.length <= path.length && start.every((key, index) => key === path[index] || key === anyEntry || path[index] === anyEntry)
}

function isMissing(defaults: Values, path: ValuePath): boolean {
  let here: unknown = defaults
  for (const [depth, key] of path.entries()) {
    if (key === anyEntry || !isTable(here) || (depth > 0 && Object.keys(here).length === 0)) return false
    if (!Object.hasOwn(here, key)) return true
    here = here[key]
  }
  return false
}
