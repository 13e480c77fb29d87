import type { Row } from './row.ts'
import { claimRows } from './rows/claim.ts'
import { configRows } from './rows/config.ts'
import { controllerRows } from './rows/controller.ts'
import { crashRows, failedPodRows } from './rows/crash.ts'
import { imageRows, staleImageRow } from './rows/image.ts'
import { nodeRows } from './rows/node.ts'
import { probeKillRows, probeRows } from './rows/probe.ts'
import { schedulingRows } from './rows/scheduling.ts'
import { sandboxRows, volumeRows } from './rows/volume.ts'

/** Every row of every list: what the diagnosis can name. */
export const catalogue: readonly Row[] = [
  ...nodeRows,
  ...controllerRows,
  ...claimRows,
  ...schedulingRows,
  ...volumeRows,
  ...sandboxRows,
  ...imageRows,
  staleImageRow,
  ...configRows,
  ...crashRows,
  ...failedPodRows,
  ...probeKillRows,
  ...probeRows,
]
