/** A data set or model of the Hub. */
export type HubRepository = {
  readonly type: 'dataset' | 'model'
  /** `ORG/NAME` */
  readonly name: string
  /** A commit, branch or tag. */
  readonly revision: string
  /** What in the recipe names it, and its revision: how messages about it begin. */
  readonly fields: { readonly name: string; readonly revision: string }
}

/** A file of a repository at a commit. */
export type HubFile = {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** What its bytes must digest to; null where nobody says (a mirror). */
  readonly digest: {
    /** `sha256` of the bytes, or their `git` object name (SHA-1). */
    readonly kind: 'sha256' | 'git'
    readonly hex: string
  } | null
}

/** The files of a repository at a commit. */
export type Snapshot = {
  readonly repository: HubRepository
  readonly commit: string
  readonly files: readonly HubFile[]
}

/** Where repositories are read from: the Hub, or a mirror on this machine. */
export interface HubLibrary {
  /** The commit that a repository's revision means now. Throws InvalidInputError where it means none. */
  resolve(repository: HubRepository): Promise<string>
  /** What a repository holds at a commit. */
  open(repository: HubRepository, commit: string): Promise<Snapshot>
  /** Where a file lies on this machine, whole and as it was pinned. The signal ends the fetch of it. */
  fetch(snapshot: Snapshot, file: HubFile, signal?: AbortSignal): Promise<string>
  /** Some bytes of a file, without fetching it whole. */
  part(
    snapshot: Snapshot,
    file: HubFile,
    range: { readonly start: number; readonly end: number },
  ): Promise<Uint8Array<ArrayBuffer>>
}

/** How a deployment reaches data sets and models. */
export type HubSettings = {
  /** Address of the Hub or of a server that speaks its protocol. */
  readonly endpoint: string
  /** For gated and private repositories; stands in no message. */
  readonly token: string | undefined
  /** Where files are kept, to be fetched once. */
  readonly cacheDirectory: string
  /** A folder read instead of the Hub; undefined: the Hub. */
  readonly mirror: string | undefined
  /** How passing faults of the Hub are outlasted. */
  readonly patience: Patience
}

/** How often a request is tried again, and how long the first wait is; each next one is twice as long. */
export type Patience = { readonly retries: number; readonly firstWaitMs: number }
