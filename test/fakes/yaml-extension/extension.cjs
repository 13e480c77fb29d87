/**
 * Stands in for redhat.vscode-yaml, which no package registry has: it exports what that exports, asks contributors as that does, and writes down what they
 * answer, one JSON object a line, into the file that LOCO_TEST_YAML_ANSWERS names, if it names one. It helps with nothing.
 */
const { appendFileSync } = require('node:fs')
const vscode = require('vscode')

exports.activate = () => {
  const contributors = []
  const ask = (document) => {
    if (document.languageId !== 'yaml') return
    for (const { id, requestSchema, requestSchemaContent } of contributors) {
      const schema = requestSchema(document.uri.toString())
      const content = schema === undefined ? undefined : requestSchemaContent(schema)
      if (process.env.LOCO_TEST_YAML_ANSWERS)
        appendFileSync(process.env.LOCO_TEST_YAML_ANSWERS, `${JSON.stringify({ id, file: document.uri.fsPath, schema, content })}\n`)
    }
  }
  vscode.workspace.onDidOpenTextDocument(ask)
  vscode.workspace.onDidChangeTextDocument(({ document }) => ask(document))
  return {
    registerContributor(id, requestSchema, requestSchemaContent) {
      contributors.push({ id, requestSchema, requestSchemaContent })
      for (const document of vscode.workspace.textDocuments) ask(document)
      return true
    },
  }
}
