/** Milliseconds that each operation waits for the thing it waits for, unless told otherwise: pictures of all, of one restarted, the end of what is deleted, the copy of a disk. */
export const defaultTimeouts = { bootstrap: 15 * 60_000, rebuild: 5 * 60_000, destroy: 2 * 60_000, migrate: 60 * 60_000 } as const
