/** The operations that exist as tasks; the same words as in package.json and in the terminal. */
export const taskOperations = ['bootstrap', 'rebuild', 'destroy', 'status'] as const
export type TaskOperation = (typeof taskOperations)[number]
