import { driverName } from './driver-name.ts'
import type { Methods } from './serve.ts'

/** What the kubelet asks at the socket that it found in its folder of plugins, and what it says then. `registered` hears whether it took the driver. */
export function registration(endpoint: string, registered: (error: string | undefined) => void): Methods {
  return {
    GetInfo: async () => ({ type: 'CSIPlugin', name: driverName, endpoint, supported_versions: ['1.0.0'] }),
    NotifyRegistrationStatus: async ({ plugin_registered, error }: { plugin_registered: boolean; error: string }) => {
      registered(plugin_registered ? undefined : error)
      return {}
    },
  }
}
