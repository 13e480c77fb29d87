import type { Metafile } from 'esbuild'

export function bundleExtension(root: string, folder: string, production: boolean): Promise<Metafile>
export function bundleAll(root: string, folder: string, production: boolean): Promise<void>
