import type { Problem, ValuePath } from './types.ts'

/** A subschema that applies to a value: a JSON object of draft-07 or later. */
export type Subschema = Readonly<Record<string, unknown>>

/** What a schema says of a value, all subschemas that apply to it taken together. */
export interface SchemaFacts {
  readonly description: string | undefined
  readonly default: unknown
  readonly hasDefault: boolean
  readonly types: readonly string[]
  readonly enum: readonly unknown[] | undefined
  /** Texts of the enum's words, in its order. */
  readonly enumDescriptions: readonly string[]
  readonly deprecated: boolean
  readonly deprecation: string | undefined
  /** Constraints in words of JSON schema: minimum, pattern … */
  readonly pattern: string | undefined
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  /** Keys of a map that must be there. */
  readonly required: readonly string[]
  /** True for a map that takes no keys but those named. */
  readonly closed: boolean
}

export class Schema {
  readonly file: string
  readonly root: unknown
  private constructor(file: string, root: unknown) {
    this.file = file
    this.root = root
  }
  static parse(file: string, text: string): Schema | Problem {
    return new Schema(file, JSON.parse(text))
  }
  /** The subschemas that apply at a path of `data` (the whole merged values). */
  at(_path: ValuePath, _data: unknown): readonly Subschema[] {
    return []
  }
  facts(_path: ValuePath, _data: unknown): SchemaFacts {
    throw new Error('not written yet')
  }
  /** Names of the keys that the map at a path may have, in the order of the schema. */
  keys(_path: ValuePath, _data: unknown): readonly string[] {
    return []
  }
}
