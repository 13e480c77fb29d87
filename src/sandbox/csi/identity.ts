import { driverName } from './driver-name.ts'
import type { Methods } from './serve.ts'

/** Who the driver is and which services it has. */
export const identity: Methods = {
  GetPluginInfo: async () => ({ name: driverName, vendor_version: '1' }),
  GetPluginCapabilities: async () => ({
    capabilities: ['CONTROLLER_SERVICE', 'VOLUME_ACCESSIBILITY_CONSTRAINTS'].map((type) => ({ service: { type } })),
  }),
  Probe: async () => ({ ready: { value: true } }),
}
