import { status } from '@grpc/grpc-js'

/** An answer of the driver that is no success: its code steers what Kubernetes does next, its text becomes an event of the claim. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: status

  constructor(code: status, text: string) {
    super(text)
    this.code = code
  }
}

export const invalid = (text: string): Refusal => new Refusal(status.INVALID_ARGUMENT, text)
export const notFound = (text: string): Refusal => new Refusal(status.NOT_FOUND, text)
export const exists = (text: string): Refusal => new Refusal(status.ALREADY_EXISTS, text)
export const outOfRange = (text: string): Refusal => new Refusal(status.OUT_OF_RANGE, text)
export const exhausted = (text: string): Refusal => new Refusal(status.RESOURCE_EXHAUSTED, text)
export const inUse = (text: string): Refusal => new Refusal(status.FAILED_PRECONDITION, text)
export const aborted = (text: string): Refusal => new Refusal(status.ABORTED, text)
