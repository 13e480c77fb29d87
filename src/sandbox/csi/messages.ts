/* The fields of csi.proto that the driver reads, as the loader gives them: absent texts are empty, absent lists are empty, absent messages null or undefined. */

export interface CapacityRange {
  required_bytes: number
  limit_bytes: number
}

export interface VolumeCapability {
  mount?: { fs_type: string; mount_flags: string[] } | null
  block?: object | null
  access_mode: { mode: string } | null
}

export interface ContentSource {
  snapshot?: { snapshot_id: string } | null
  volume?: { volume_id: string } | null
}

export interface Topology {
  segments: Record<string, string>
}

export interface CreateVolumeRequest {
  name: string
  capacity_range: CapacityRange | null
  volume_capabilities: VolumeCapability[]
  parameters: Record<string, string>
  volume_content_source: ContentSource | null
  accessibility_requirements: { requisite: Topology[] } | null
}

export interface CreateSnapshotRequest {
  source_volume_id: string
  name: string
  parameters: Record<string, string>
}

export interface ListSnapshotsRequest {
  max_entries: number
  starting_token: string
  source_volume_id: string
  snapshot_id: string
}

export interface PublishRequest {
  volume_id: string
  target_path: string
  volume_capability: VolumeCapability | null
  readonly: boolean
}
