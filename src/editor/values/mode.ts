/**
 * Who answers for a values file besides us.
 * `loco`: nobody. `shared`: the YAML extension, for syntax only: its schema help is silenced for this file. `chosen`: the YAML extension, with the schema of the
 * chart, because the setting says so. `given`: the YAML extension, with a schema that the person gave to this file. In the last two we add what it cannot know.
 */
export type Mode = 'loco' | 'shared' | 'chosen' | 'given'

/** What the decision takes. */
export interface ModeFacts {
  readonly setting: 'auto' | 'loco' | 'redhat'
  /** The YAML extension (redhat.vscode-yaml) is there. */
  readonly yamlExtension: boolean
  /** The document names a schema itself: a modeline, or `$schema`. */
  readonly namesSchema: boolean
  /** The person's `yaml.schemas` covers the document. */
  readonly schemaByUser: boolean
}

/** Decided for each document, never for the window. Pure. */
export function modeOf({ setting, yamlExtension, namesSchema, schemaByUser }: ModeFacts): Mode {
  if (!yamlExtension) return 'loco'
  if (setting !== 'loco' && (namesSchema || schemaByUser)) return 'given'
  return setting === 'redhat' ? 'chosen' : 'shared'
}

/** True when one of the first lines names a schema for the YAML extension. */
export function namesSchema(head: string): boolean {
  return /^#\s*yaml-language-server\s*:\s*\$schema\s*=/m.test(head) || /^(['"]?)\$schema\1\s*:/m.test(head)
}

/** Globs that a person's `yaml.schemas` names, as VS Code matches them. */
export function schemaGlobs(schemas: unknown): string[] {
  if (typeof schemas !== 'object' || schemas === null) return []
  return Object.values(schemas)
    .flat()
    .filter((glob): glob is string => typeof glob === 'string' && glob !== '' && !glob.startsWith('!'))
    .map((glob) => (/^(?:\/|\*\*\/|[a-zA-Z]:|\w+:\/\/)/.test(glob) ? glob : `**/${glob}`))
}

/** What we answer in each mode. */
export interface Part {
  /** Keys, enum words and their descriptions; schema problems; hovers. */
  readonly schema: boolean
  /** Parse errors, duplicate keys, outline, folding. */
  readonly syntax: boolean
}

/** `reportsSyntax`: the YAML extension validates (its setting `yaml.validate`). */
export function partOf(mode: Mode, reportsSyntax: boolean): Part {
  return { schema: mode === 'loco' || mode === 'shared', syntax: mode === 'loco' || !reportsSyntax }
}
