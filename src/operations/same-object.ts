import { isDeepStrictEqual } from 'node:util'
import type { ApiObject } from './api-objects.ts'

/**
 * True when an object in the cluster is as the server would store it, were it applied again. Compares everything a person or a chart sets;
 * what the cluster keeps book of (status, versions, managers) differs by nature. Pure.
 */
export function sameObject(live: ApiObject, wanted: ApiObject): boolean {
  return isDeepStrictEqual(essence(live), essence(wanted))
}

function essence({ status: _, metadata = {}, ...rest }: ApiObject): unknown {
  const { name, labels = {}, annotations = {} } = metadata
  return JSON.parse(JSON.stringify({ ...rest, metadata: { name, labels, annotations } }))
}
