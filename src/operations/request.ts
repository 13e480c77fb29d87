import { t } from '@vscode/l10n'
import * as v from 'valibot'
import { LocoError } from '../base/error.ts'
import { target } from '../contracts/operation.ts'
import { isOperationId } from './operation-id.ts'
import { operationOptions } from './options.ts'

/** What a person has agreed to: where it happens, and what is lost for good. As the plan said it. */
export const consent = v.object({ target, losses: v.array(v.string()) })
export type Consent = v.InferOutput<typeof consent>

/**
 * An operation as one process asks another for it (`loco operations run`): on stdin, because values may be secret and command lines are not.
 * Without a consent only the plan can be had.
 */
export const operationRequest = v.object({
  schema: v.literal('loco.operation.request/1'),
  /** Chosen by the one who asks, who so knows which journal to read. */
  id: v.pipe(v.string(), v.check(isOperationId, 'It is no id of an operation.')),
  options: operationOptions,
  consent: v.nullable(consent),
})
export type OperationRequest = v.InferOutput<typeof operationRequest>

/** Reads a request. @throws LOCO-USE-001 for a text that is none */
export function parseRequest(text: string): OperationRequest {
  try {
    return v.parse(operationRequest, JSON.parse(text))
  } catch (error) {
    const why = v.isValiError(error) ? v.flatten(error.issues) : undefined
    throw new LocoError('LOCO-USE-001', {
      what: t('loco operations run takes a request on stdin, and what came is none.'),
      ...(why !== undefined && { evidence: [JSON.stringify(why)] }),
      fix: [t('It is meant for editors and other programs; a person runs loco bootstrap, rebuild or destroy.')],
      cause: error,
    })
  }
}

/**
 * Holds what a plan says now against what a person agreed to. Less may be lost than was agreed to, never more, and nowhere else.
 * @throws LOCO-OPS-004
 */
export function assertConsent(now: Consent, agreed: Consent): void {
  const elsewhere = (Object.keys(now.target) as (keyof Consent['target'])[]).find((name) => now.target[name] !== agreed.target[name])
  const more = now.losses.filter((loss) => !agreed.losses.includes(loss))
  if (elsewhere === undefined && more.length === 0) return
  throw new LocoError('LOCO-OPS-004', {
    what: t('The plan is no longer the one that was agreed to. Nothing was changed.'),
    why:
      elsewhere === undefined
        ? t`This would be lost, too: ${more.join('; ')}.`
        : t`It would work elsewhere: ${elsewhere} is ${now.target[elsewhere] ?? '–'} instead of ${agreed.target[elsewhere] ?? '–'}.`,
    fix: [t('Look at the plan again.')],
    evidence: more,
  })
}
