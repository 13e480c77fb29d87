import { claimChange, effectOnEmulators, setChange, sourceChange } from '../effect.ts'
import { classExists, oldData, snapshotClass } from './classes.ts'
import { hostFolder, hostInNamespace, nodeContainer, nodeRestart, oneNode } from './host-path.ts'
import { imageThere, oneBuild } from './image.ts'
import { guestMemory, memoryLimit } from './memory.ts'
import { names, releaseName } from './names.ts'
import { freeNodePort, ownIdentity, ownPort } from './network.ts'
import { capacity, fittingNode, nodeDisk, scaledDown } from './nodes.ts'
import { originalKeys } from './old-keys.ts'
import type { Rule, RuleFacts } from './rule.ts'
import { claimSize, localDisk, quantities } from './sizes.ts'
import { hostKeeps, strategyParts, strategyWord } from './strategy.ts'
import { falseTurned, setTwice, undefinedValue, unreadValue } from './template-rules.ts'

/** The rules that look at a values file, in the order in which they are told. */
export const rules: readonly Rule[] = [
  strategyWord,
  strategyParts,
  hostKeeps,
  quantities,
  claimSize,
  hostFolder,
  localDisk,
  unreadValue,
  undefinedValue,
  oneBuild,
  memoryLimit,
  guestMemory,
  ownIdentity,
  ownPort,
  originalKeys,
  setTwice,
  falseTurned,
  names,
  oneNode,
  nodeRestart,
  nodeContainer,
  hostInNamespace,
  classExists,
  claimChange,
  sourceChange,
  setChange,
  scaledDown,
  oldData,
  nodeDisk,
  snapshotClass,
  imageThere,
  capacity,
  freeNodePort,
  fittingNode,
  effectOnEmulators,
  releaseName,
]

const ofText = { severity: 'error', knowable: 'values', needsCluster: false, ours: false } as const

/** What the reading of the text and the schema say themselves. */
export const ofTheEngine: readonly RuleFacts[] = [
  { code: 'LOCO-VA-01', ...ofText },
  { code: 'LOCO-VA-02', ...ofText },
  { code: 'LOCO-VA-05', ...ofText },
  { code: 'LOCO-VA-20', ...ofText },
  { code: 'LOCO-VA-21', ...ofText },
  { code: 'LOCO-VA-22', ...ofText },
]

/** Promises of our own chart, which test/chart holds. */
export const ofTheChart: readonly RuleFacts[] = [{ code: 'LOCO-ST-32', severity: 'error', knowable: 'chart', needsCluster: false, ours: true }]
