import type { Problem } from '../problem.ts'
import type { ModelLabel, RecordedLabel, Source } from '../sources/source.ts'

/** What one row of a source became. */
export type SourceRow =
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** What others said of a recorded output; never truth. */
  | { readonly kind: 'label'; readonly label: RecordedLabel }
  /** A row that cannot become a problem: where it stood, and why, in one or two words. */
  | { readonly kind: 'set-aside'; readonly row: number; readonly reason: string }
  /** A file that cannot be read: after which row, why, and its share of the source's bytes, 0 to 1. */
  | {
      readonly kind: 'file-set-aside'
      readonly row: number
      readonly reason: string
      readonly share: number
    }
  /** How many rows a part of the entry left out, as the recipe wanted: the last rows of a source. */
  | { readonly kind: 'left-out'; readonly by: string; readonly rows: number }

/** Turns a recipe's source entry into problems. */
export interface ProblemSource {
  /**
   * The rows of a source, in its own order, a bounded part of it in memory at a time. The same
   * entry and seed give the same rows. Throws InvalidInputError, naming the field, where the
   * source cannot give what the recipe asks of it, SourceSchemaError where its files lack a column,
   * SourceDamagedError where they are no whole files, and HubUnavailableError where it cannot be
   * reached or is not what its entry pins. Where only some files of a source to train on are so,
   * they are set aside; an evaluation set is read whole or not at all, lest its problems be trained on.
   */
  read(source: Source, seed: number): AsyncIterable<SourceRow>
  /**
   * What others said of recorded outputs to a source's problems, whichever model's; none where it is no
   * recorded source. Throws as `read` does.
   */
  labels(source: Source): Promise<readonly ModelLabel[]>
  /** Looks whether a source can be read, without reading it whole. Throws as `read` does. */
  check(source: Source): Promise<void>
  /**
   * The source with its revision pinned: where the entry names a branch or tag, its commit of now.
   * A run stores what this gives, so that it reads the same rows ever after. Throws as `read` does.
   */
  pin(source: Source): Promise<Source>
}
