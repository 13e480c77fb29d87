import { accessMode, boundByScheduler, claimOfOnePod, claimsKept, localVolume, sharedClaim, volumeFitsClaim } from './claims.ts'
import { baseInPod, mounts, ownPath, readOnlyBase, someDisk } from './disks.ts'
import { objectNames, restricted, servicePorts } from './rights.ts'
import type { ManifestRule } from './rule.ts'
import { hostPathAllowed, hostPathOwner, hostPathType, memoryVolume, networkDisk, ownerOnMismatch, podDisk, subPathOwner } from './volumes.ts'

/** The rules that look at what the templates render, in the order in which they are told. */
export const manifestRules: readonly ManifestRule[] = [
  hostPathType,
  hostPathOwner,
  hostPathAllowed,
  accessMode,
  sharedClaim,
  ownPath,
  boundByScheduler,
  volumeFitsClaim,
  localVolume,
  claimsKept,
  memoryVolume,
  podDisk,
  readOnlyBase,
  baseInPod,
  networkDisk,
  mounts,
  someDisk,
  claimOfOnePod,
  subPathOwner,
  ownerOnMismatch,
  servicePorts,
  restricted,
  objectNames,
]
