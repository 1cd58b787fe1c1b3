import { z } from 'zod'
import { Domain } from '../../problem.ts'
import { rowReaderNames } from './row-reader-names.ts'

const Column = z.string().min(1)
const Scalar = z.union([z.string(), z.number(), z.boolean()])

/** A commit: what a run is pinned to. */
const commit = /^[0-9a-f]{40}$/

/** True where a revision is a commit, and not a branch or tag that may move. */
export function isCommit(revision: string): boolean {
  return commit.test(revision)
}

/** What a column must hold for a row to be taken. */
const RowFilter = z.union([
  z.strictObject({ column: Column, equals: Scalar }),
  z.strictObject({ column: Column, oneOf: z.array(Scalar).min(1) }),
  /** A number from `min` to `max`, both included; null leaves an end open. */
  z.strictObject({ column: Column, min: z.number().nullable(), max: z.number().nullable() }),
  /** An ISO date, or a moment by its day, from `from` to `to`, both days included; null leaves an end open. */
  z
    .strictObject({ column: Column, from: z.iso.date().nullable(), to: z.iso.date().nullable() })
    .refine(({ from, to }) => from === null || to === null || from <= to, {
      message: 'from must not be after to',
    }),
  /** A text that states its answer in a box. */
  z.strictObject({ column: Column, boxed: z.literal(true) }),
])
export type RowFilter = z.infer<typeof RowFilter>

const shuffled = z.boolean()

/**
 * Where the options of a question stand: in a column that holds a list (or JSON text of one), or each
 * in a column of its own. `shuffled`, by the recipe's seed, are those of a set that has the right one
 * always in the same place; not where an option speaks of others, as in "both A and B".
 */
const ChoiceOptions = z.union(
  [
    z.strictObject({ column: Column, shuffled }),
    z.strictObject({ columns: z.array(Column).min(2).max(26), shuffled }),
  ],
  'write { column: NAME, shuffled: false } of a list, or { columns: [NAME, NAME], shuffled: false }',
)

/** Reads any data set of questions by its columns, so that adding one needs no code. */
const ColumnsReader = z.strictObject({
  name: z.literal('columns'),
  prompt: Column,
  reference: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('answer'),
      column: Column,
      /** `whole`: the column is the answer; `boxed`: in the last box of a solution; `after-hashes`: behind `####`. */
      form: z.enum(['whole', 'boxed', 'after-hashes']),
    }),
    /** A letter, the number of the right option counted from 0, or its text. */
    z
      .strictObject({
        kind: z.literal('choice'),
        column: Column,
        form: z.enum(['letter', 'index', 'text']),
        /** Left out: the prompt lists them itself. */
        options: ChoiceOptions.optional(),
      })
      .refine(({ form, options }) => form !== 'text' || options !== undefined, {
        path: ['options'],
        message: 'say where the options are, of which one has that text',
      }),
    /** Tests as APPS and TACO keep them: JSON text with `inputs`, `outputs` and perhaps `fn_name`. */
    z.strictObject({
      kind: z.literal('tests'),
      column: Column,
      starterCode: Column.nullable(),
    }),
  ]),
  /** A column with numbers from 1 to 10 (AoPS scale); null: the set has none. */
  difficulty: Column.nullable(),
  category: Column.nullable(),
})
export type ColumnsReader = z.infer<typeof ColumnsReader>

const RowReaderChoice = z.discriminatedUnion('name', [
  z.strictObject({ name: z.enum(rowReaderNames) }),
  ColumnsReader,
])

/** A data set of the Hugging Face Hub, or the part of one that a recipe takes. */
export const HubSource = z
  .strictObject({
    kind: z.literal('hub'),
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    /**
     * `train`: problems to sample. `evaluation`: a benchmark; its rows are held out, and what is like
     * one of them is kept from training.
     */
    role: z.enum(['train', 'evaluation']),
    /** Its terms must be accepted, and its content is never stored in clear: only digests of it. */
    gated: z.boolean(),
    dataset: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'a Hub id, as in BAAI/TACO'),
    /** The configuration (subset) of the data set; null where it has one only. */
    config: z.string().min(1).nullable(),
    split: z.string().min(1),
    /** A commit; or a branch or tag, of which the door looks up the commit when a run starts. */
    revision: z.string().regex(/^[\w][\w./-]*$/, 'a commit of 40 hexadecimal digits, or a branch'),
    /** Paths, or patterns with `*`, in the order of their rows; null: found by configuration and split. */
    files: z.array(z.string().min(1)).min(1).nullable(),
    reader: RowReaderChoice,
    /** Which rows of the split are this source's; all must hold. `slice` counts these. */
    select: z.array(RowFilter),
    /** Of the selected rows, from `start` up to but without `end`; taken before the filters. */
    slice: z
      .strictObject({ start: z.int().nonnegative(), end: z.int().positive() })
      .refine(({ start, end }) => start < end, { message: 'start must be below end' })
      .nullable(),
    /** What a row must be to become a problem; all must hold. */
    filters: z.array(RowFilter),
    /** AoPS scale, both ends included; applied once problems are labelled. Null: any. */
    difficulty: z
      .strictObject({ min: z.number().min(1).max(10), max: z.number().min(1).max(10) })
      .refine(({ min, max }) => min <= max, { message: 'min must not be above max' })
      .nullable(),
    /** Problems at most, the first ones; null: all. */
    cap: z.int().positive().nullable(),
    /** Null: the reader tells it row by row (`still-2`). */
    domain: Domain.nullable(),
    /** Licence of the data set, by its SPDX identifier or in words; stands in the data set's card. */
    licence: z.string().min(1),
  })
  .refine(({ domain, reader }) => domain !== null || reader.name === 'still-2', {
    path: ['domain'],
    message: 'only the reader still-2 tells domains by itself; name one',
  })
export type HubSource = z.infer<typeof HubSource>
