/** A file of a source, and what is wrong with it. */
type FileFault = {
  /** The recipe's name of the source. */
  readonly source: string
  readonly file: string
}

/**
 * A repository of the Hub cannot be reached, or a file does not arrive as it is listed: cut short or altered on the
 * way. May pass, so it is tried again.
 */
export class HubUnavailableError extends Error {
  override readonly name = 'HubUnavailableError'
}

/**
 * A file of a source is not of the schema that its entry expects. Final: the revision is pinned,
 * so the file stays as it is.
 */
export class SourceSchemaError extends Error {
  override readonly name = 'SourceSchemaError'

  constructor(
    { source, file }: FileFault,
    { missing, has }: { readonly missing: string; readonly has: readonly string[] },
  ) {
    super(
      `source ${source}: ${file} has no column ${missing}; it has ${has.join(', ') || 'none'}; ` +
        'correct the columns of the entry, or its revision',
    )
  }
}

/**
 * A file of a source is there as it is listed, but is no whole file of its format. Final: the
 * revision is pinned, so the file stays as it is.
 */
export class SourceDamagedError extends Error {
  override readonly name = 'SourceDamagedError'

  constructor({ source, file }: FileFault, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      `source ${source}: ${file} cannot be read to its end: ${why}; ` +
        'name a revision in which it is whole, or leave it out of the files of the entry',
      { cause },
    )
  }
}
