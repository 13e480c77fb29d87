import {
  isArrayLiteralExpression,
  isArrowFunction,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isFunctionLikeDeclaration,
  isIdentifier,
  isImportDeclaration,
  isLiteralTypeNode,
  isNewExpression,
  isObjectLiteralExpression,
  isParenthesizedExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isPropertyDeclaration,
  isTaggedTemplateExpression,
  type Node,
} from 'typescript/unstable/ast'
import { isTranslation, tables, textOf } from './messages.ts'
import { placeOf, type Source, walk } from './syntax.ts'

/** Fields that a person reads, wherever they stand: even one word in them is told to somebody. */
const told = new Set([
  'what',
  'why',
  'sentence',
  'title',
  'cause',
  'detail',
  'question',
  'yes',
  'label',
  'description',
  'tooltip',
  'placeHolder',
  'placeholder',
  'prompt',
])
/** Calls that show their arguments to a person. */
const shows = /^(?:show(?:Information|Warning|Error)Message|setStatusBarMessage)$/
/** Two words beside each other, of which the second is no name: what a program reads seldom looks like that. */
const prose = /[A-Za-z}'"`,;:)][a-z]* [a-z]{2,}/
/** A line to type or a part of one. */
const command = /^(?:sudo |export |loco |kubectl |helm |docker |minikube |kind |k3d |npm |df |mount |ip |LOCO_\w+=|-)/

/** Texts for a person that do not go through `t`, as `path:line: text`. */
export function untold(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const source of sources) {
    if (tables.some(({ files }) => files.test(source.path))) continue
    walk(source.tree, (node) => {
      if (isImportDeclaration(node) || isLiteralTypeNode(node) || isForDevelopers(node) || isEvidence(node)) return false
      // A message itself is told; what is put into it may hold a piece of a sentence.
      if (isMessage(node)) return !isObjectLiteralExpression(node)
      const text = textOf(node)
      if (text === undefined) return undefined
      if (isTold(node) ? /[A-Za-z]{2}/.test(withoutPlaces(text)) && !command.test(text) : prose.test(text) && !command.test(text))
        found.push(`${placeOf(source, node)}: ${text}`)
      return undefined
    })
  }
  return found
}

function isMessage(node: Node): boolean {
  const parent: Node | undefined = node.parent
  if (parent === undefined || !isTranslation(parent)) return false
  return isTaggedTemplateExpression(parent) ? parent.template === node : isCallExpression(parent) && parent.arguments[0] === node
}

/** A text without what is put into it, and without icons. */
const withoutPlaces = (text: string): string => text.replace(/\{\d+\}|\$\([\w~-]+\)/g, '')

/** Errors that say a defect (ours are `LocoError`), lines of the log: nobody but a developer reads them. */
function isForDevelopers(node: Node): boolean {
  if (isNewExpression(node)) return isIdentifier(node.expression) && /^(?:(?:Type|Range|Syntax)?Error|DOMException)$/.test(node.expression.text)
  if (!isCallExpression(node) || !isPropertyAccessExpression(node.expression)) return false
  return /^(?:debug|info|warn|error|trace)$/.test(node.expression.name.text) && /log|channel/i.test(node.expression.expression.getText())
}

/** Raw words, kept for the report as they came. */
const isEvidence = (node: Node): boolean => isPropertyAssignment(node) && isIdentifier(node.name) && node.name.text === 'evidence'

/** Stands where a person reads it: as the value of a told field or an argument of a call that shows, also as one of several choices. */
function isTold(node: Node): boolean {
  for (let child = node, parent = node.parent; parent !== undefined; child = parent, parent = parent.parent) {
    if (isPropertyAssignment(parent)) return parent.initializer === child && isIdentifier(parent.name) && told.has(parent.name.text)
    if (isCallExpression(parent)) return parent.expression !== child && isPropertyAccessExpression(parent.expression) && shows.test(parent.expression.name.text)
    if (!isChoice(parent, child)) return false
  }
  return false
}

/** Whether `child` is one of the values that `parent` may come out as. */
function isChoice(parent: Node, child: Node): boolean {
  if (isConditionalExpression(parent)) return parent.condition !== child
  if (isBinaryExpression(parent)) return !/^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(parent.operatorToken.getText())
  return isParenthesizedExpression(parent) || isArrowFunction(parent) || isArrayLiteralExpression(parent)
}

/** Texts that are made while their file loads, which is before a host has handed over its language, as `path:line`. */
export function tooEarly(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const source of sources) {
    walk(source.tree, (node) => {
      // Fields of a class are set when an object is made.
      if (isFunctionLikeDeclaration(node) || (isPropertyDeclaration(node) && !/\bstatic\b/.test(node.getText().split('=')[0] ?? ''))) return false
      if (isTranslation(node)) found.push(placeOf(source, node))
      return undefined
    })
  }
  return found
}
