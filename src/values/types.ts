/**
 * The words of the values language. Offsets are UTF-16 units into a file's text, as VS Code and `String` count; hosts turn them into lines and columns.
 */

/** Where a value stands: keys of maps and indices of lists from the root, `['storage', 'strategy']`. */
export type ValuePath = readonly (string | number)[]

/** Part of a text, `end` exclusive. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** A place in a file. `file` is what the host calls it: an absolute path, or the text of a URI. */
export interface Location {
  readonly file: string
  readonly range: TextRange
}

/** Replaces `range` of `file`. Edits of one fix never overlap, and belong to the text that the view was made of. */
export interface Edit extends Location {
  readonly newText: string
}

export type Severity = 'error' | 'warning' | 'info' | 'hint'

/** Where a rule can be known: in the text and its overlays, in the rendered manifests, or only with facts from a cluster. */
export type Knowable = 'values' | 'rendered' | 'plan'

export interface Fix {
  /** What it does, as a command: "Use `persistent`". */
  readonly title: string
  /** True for the one fix that is right in nearly all cases: what fix-all takes. */
  readonly preferred: boolean
  readonly edits: readonly Edit[]
}

/** Something to say about a place in a values file. */
export interface Problem {
  /** `LOCO-VA-02`, `LOCO-ST-08`: explained in docs/codes.md. */
  readonly code: string
  readonly severity: Severity
  /** What, why and what to do, in one or two sentences. */
  readonly message: string
  readonly file: string
  readonly range: TextRange
  /** The value spoken of, if one is. */
  readonly path?: ValuePath
  /** Other places that have a part in it. */
  readonly related?: readonly (Location & { readonly message: string })[]
  /** How an editor draws it: faded, or struck through. */
  readonly tag?: 'unnecessary' | 'deprecated'
}

/** A rule that would have to ask a cluster, and could not. */
export interface Unchecked {
  readonly code: string
  /** Why, in words: "needs a cluster". */
  readonly reason: string
}

export interface Completion {
  readonly label: string
  readonly kind: 'key' | 'value' | 'enum' | 'snippet' | 'cluster'
  /** One line: type and default. */
  readonly detail?: string
  /** Markdown. */
  readonly documentation?: string
  /** What `newText` replaces: the half-typed word, or nothing. */
  readonly range: TextRange
  readonly newText: string
  /** `newText` has `${1:…}` stops. */
  readonly isSnippet: boolean
  /** Offers in the order in which they are wanted: required first, then as the chart writes them. */
  readonly sortText: string
  readonly preselect?: boolean
  readonly deprecated?: boolean
}

export interface Hover {
  /** Markdown. */
  readonly contents: string
  readonly range: TextRange
}

/** An entry of the outline. */
export interface Symbol {
  readonly name: string
  readonly detail: string
  readonly kind: 'map' | 'list' | 'text' | 'number' | 'boolean' | 'null'
  readonly range: TextRange
  /** The key alone. */
  readonly selection: TextRange
  readonly children: readonly Symbol[]
}

/** What is known of the cluster that the values are for. Every list is complete, or undefined where it could not be read (denied, not there). */
export interface ClusterFacts {
  /** What the cluster is called: its context. */
  readonly context: string
  readonly kind: 'native' | 'minikube' | 'kind' | 'k3d' | 'docker-desktop' | 'unknown'
  readonly nodes: readonly NodeFacts[] | undefined
  readonly storageClasses: readonly StorageClassFacts[] | undefined
  readonly snapshotClasses: readonly { readonly name: string; readonly driver: string }[] | undefined
  /** Claims of the release's namespace. */
  readonly claims: readonly ClaimFacts[] | undefined
  readonly namespaces: readonly { readonly name: string; readonly podSecurity: 'privileged' | 'baseline' | 'restricted' }[] | undefined
  /** Node ports in use, and by which Service (`namespace/name`). */
  readonly nodePorts: ReadonlyMap<number, string> | undefined
  /** The namespace and release that the values would go to. */
  readonly namespace: string
  readonly release: string
  /** What runs, if the release is there. */
  readonly deployed: DeployedFacts | undefined
}

export interface NodeFacts {
  readonly name: string
  readonly schedulable: boolean
  readonly labels: Readonly<Record<string, string>>
  /** Cores, and bytes; the local disk where the node tells it. */
  readonly allocatable: { readonly cpu: number; readonly memory: number; readonly ephemeralStorage?: number; readonly devices: readonly string[] }
  /** Names of images on it; the kubelet reports no more than its 50 biggest. */
  readonly images: readonly string[]
}

export interface StorageClassFacts {
  readonly name: string
  readonly isDefault: boolean
  readonly provisioner: string
  readonly binding: 'Immediate' | 'WaitForFirstConsumer'
  readonly expandable: boolean
}

export interface ClaimFacts {
  readonly name: string
  readonly storageClass: string | undefined
  /** Bytes asked for. */
  readonly request: number
  readonly modes: readonly string[]
  readonly phase: string
}

export interface DeployedFacts {
  readonly revision: number
  /** The values that the release was made of, defaults included. */
  readonly values: Readonly<Record<string, unknown>>
  /** Emulators that there are now. */
  readonly emulators: number
}
