/**
 * An object as the API server sends it: the library's types, but with times as text. The typed APIs of the library make `Date`s;
 * a reflector passes on what came, because its objects cross processes and are compared as data.
 */
export type Wire<T> = T extends Date ? string : T extends (infer Item)[] ? Wire<Item>[] : T extends object ? { [Key in keyof T]: Wire<T[Key]> } : T

/** The least that a watched object has. */
export interface Watched {
  metadata?: { uid?: string; name?: string; namespace?: string; resourceVersion?: string }
}
