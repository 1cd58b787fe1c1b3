import type { PretrainedStudent } from '../training/student.ts'

/** A model by its name, and its revision where it has such. */
export type ModelName = Pick<PretrainedStudent, 'model' | 'revision'>

/** How messages begin that are about a model, and about its revision: what a user named them in. */
export type ModelFields = { readonly name: string; readonly revision: string }

/** A model that is trained already, by its files, wherever they are. */
export interface BaseModel {
  /** Names of its files. */
  readonly files: readonly string[]
  /** How many bytes a file has of which no digest says what it holds; undefined for every other. */
  unverifiedBytes(name: string): number | undefined
  /** Another wherever the files are others. */
  readonly version: string
  /** The text of one of its small files. */
  read(name: string): Promise<string>
  /**
   * Lays some of its files into an empty directory, which may share them: none may be written to.
   * Rejects with the signal's reason where that ends it early.
   */
  bring(names: readonly string[], to: BroughtTo): Promise<void>
}

/** Where files of a model are laid. */
export type BroughtTo = { readonly directory: string; readonly signal?: AbortSignal | undefined }

/**
 * Where models that are trained already come from: the Hugging Face Hub, or the node's directories.
 * Messages name a recipe's `student` where no other fields are given.
 */
export interface BaseModels {
  /**
   * The model at the commit that its revision means now; one of a directory as it is. Throws
   * InvalidInputError naming the field where the Hub has none.
   */
  pin<Model extends ModelName>(model: Model, fields?: ModelFields): Promise<Model>
  /** Finds a model, without its weights. Throws InvalidInputError naming the field where there is none. */
  open(model: ModelName, fields?: ModelFields): Promise<BaseModel>
}
