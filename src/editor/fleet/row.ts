import type { Finding } from '../../contracts/fleet.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { FleetId } from '../fleets.ts'

/**
 * What a row stands for, for the commands in its menus: rows of the view carry these fields. The row of an emulator has `ref`; those of its containers have
 * `ref` and `container`; those of its findings `ref` and `finding`; whatever has a name of its own in the cluster has `name`; fleets have `fleet`,
 * connections `context`.
 */
export interface RowSubject {
  readonly context?: string
  readonly fleet?: FleetId
  readonly ref?: EmulatorRef
  readonly container?: string
  readonly finding?: Finding
  readonly name?: string
}

/** One row as plain data. */
export interface Row extends RowSubject {
  /** Stable: names only, never a state or a time. */
  readonly id: string
  readonly kind: 'connection' | 'problem' | 'fleet' | 'emulator' | 'finding' | 'cause' | 'fix' | 'container' | 'claim' | 'events' | 'event'
  readonly label: string
  readonly description?: string
  readonly icon: { readonly id: string; readonly color?: string }
  /** Flags for `when` clauses, `;emulator;can-logs;`. */
  readonly contextValue: string
  readonly children: 'none' | 'collapsed' | 'expanded'
  /** The row as a screen reader says it. */
  readonly spoken: string
  /** Left out where the hover is made when it is asked for. */
  readonly tooltip?: string
}
