import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The version that editors have today; 2.0 needs another import and is as fast. */
const version = '1.25.0'

/** What the bench asks of yaml-language-server; positions as in the protocol, from 0. */
export interface LanguageServer {
  complete(document: unknown, line: number, character: number): Promise<{ items: { label: string }[] }>
  hover(document: unknown, line: number, character: number): Promise<unknown>
  diagnose(document: unknown): Promise<unknown[]>
  document(text: string, version: number): unknown
}

interface Service {
  configure(settings: unknown): void
  doComplete(document: unknown, position: unknown, isKubernetes: boolean): Promise<{ items: { label: string }[] }>
  doHover(document: unknown, position: unknown): Promise<unknown>
  doValidation(document: unknown, isKubernetes: boolean): Promise<unknown[]>
}

/** yaml-language-server as a library with the schema of a chart, installed into a folder of the bench's own when it is not there. */
export function languageServer(folder: string, schema: unknown): LanguageServer {
  if (!existsSync(join(folder, 'node_modules', 'yaml-language-server'))) {
    mkdirSync(folder, { recursive: true })
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `yaml-language-server@${version}`], { stdio: 'ignore' })
  }
  const require = createRequire(join(folder, 'bench.cjs'))
  const { getLanguageService } = require('yaml-language-server') as { getLanguageService(parts: unknown): Service }
  const { TextDocument } = require('vscode-languageserver-textdocument') as {
    TextDocument: { create(uri: string, language: string, version: number, text: string): unknown }
  }
  const service = getLanguageService({
    schemaRequestService: async (uri: string) => Promise.reject(new Error(`no network: ${uri}`)),
    workspaceContext: { resolveRelativePath: (relative: string, resource: string) => new URL(relative, resource).toString() },
    clientCapabilities: {
      textDocument: { completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } }, hover: { contentFormat: ['markdown'] } },
    },
  })
  service.configure({
    validate: true,
    hover: true,
    completion: true,
    format: false,
    yamlVersion: '1.1',
    schemas: [{ uri: 'loco:values', fileMatch: ['*.yaml'], schema }],
  })
  return {
    complete: (document, line, character) => service.doComplete(document, { line, character }, false),
    hover: (document, line, character) => service.doHover(document, { line, character }),
    diagnose: (document) => service.doValidation(document, false),
    document: (text, number) => TextDocument.create('file:///w/values.yaml', 'yaml', number, text),
  }
}
