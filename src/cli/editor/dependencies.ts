/** The part of package.json and npm-shrinkwrap.json that says what is installed. */
interface Dependencies {
  dependencies?: Record<string, string>
  packages?: Record<string, Dependencies & { resolved?: string }>
}

export interface Trim {
  leftOut: readonly string[]
  /** Package → version of the registry, used where the dependency comes from somewhere else. */
  registryInstead: Readonly<Record<string, string>>
}

/** Other versions than these are numbers or ranges, which the registry answers. */
const fromElsewhere = /[/:#]/

/** VS Code's package.json or npm-shrinkwrap.json without what is left out, and with the registry as its only source. All other entries stay pinned. */
export function trimmed<T extends Dependencies>(file: T, { leftOut, registryInstead }: Trim): T {
  const wanted = (name: string, version: string): string => (fromElsewhere.test(version) ? (registryInstead[name] ?? version) : version)
  const list = ({ dependencies = {} }: Dependencies): Record<string, string> =>
    Object.fromEntries(Object.entries(dependencies).flatMap(([name, version]) => (leftOut.includes(name) ? [] : [[name, wanted(name, version)]])))
  const packages = Object.entries(file.packages ?? {}).flatMap(([path, entry]) => {
    if (path === '') return [[path, { ...entry, dependencies: list(entry) }]]
    const name = path.replace(/^.*node_modules\//, '')
    const elsewhere = /^git/.test(entry.resolved ?? '') && name in registryInstead
    return elsewhere || leftOut.some((root) => path === `node_modules/${root}` || path.startsWith(`node_modules/${root}/`)) ? [] : [[path, entry]]
  })
  return { ...file, dependencies: list(file), ...(file.packages !== undefined && { packages: Object.fromEntries(packages) }) }
}
