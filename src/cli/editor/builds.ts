/** A build of the VS Code server: code-server's npm package, of which only VS Code itself is used. */
export interface ServerBuild {
  /** Version of the npm package. */
  readonly version: string
  /** What the registry must give, as npm states it; everything else is pinned by the shrinkwrap inside. */
  readonly integrity: string
  /** Addons that the server, the extension host and the terminal host load at start. All are N-API: one build serves every Node. */
  readonly addons: readonly string[]
}

/** Dependencies that VS Code takes from somewhere else than the registry, and the version of the same package that the registry has. */
export const registryInstead: Readonly<Record<string, string>> = { '@parcel/watcher': '2.5.1' }

/** Dependencies of an assistant that a fleet has no use for: 250 MB, loaded only when it is asked for. */
export const leftOut: readonly string[] = ['@github/copilot-sdk', '@microsoft/mxc-sdk', '@devcontainers/cli', '@vscode/sandbox-runtime', '@vscode/copilot-api']

export const builds = {
  /** The newest that the registry offers: `npm start` opens this one. */
  newest: {
    version: '4.139.1',
    integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    addons: ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty'],
  },
  /** The oldest that package.json promises to support (engines.vscode). */
  oldest: {
    version: '4.105.1',
    integrity: 'sha512-uYQwGkhOMR1/1vkuvj8oR6A03yBcWvxemR4hZdMnBLyZKreZFx4oGhUSVq9lXedXb4kc0jwtYfoeee1J0Q09bw==',
    addons: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
  },
} as const satisfies Record<string, ServerBuild>
