import { RecordedSource } from '../source.ts'
import type { RecordedReader } from './format.ts'
import { lcbCodeOutputs } from './lcb-code-outputs.ts'
import { mipReasoningOutputs } from './mip-reasoning-outputs.ts'
import { skyt1Outputs } from './skyt1-outputs.ts'
import { skythoughtQwen32bResults } from './skythought-qwen32b-results.ts'

/** A data file by the name that recipes use: without folder and ending. */
export type RecordedFile = RecordedSource['file']

/** Every data file with recorded outputs. A new one is a new file beside this and a line here. */
export const recordedFormats: Readonly<Record<RecordedFile, RecordedReader>> = {
  skythought_qwen32b_results: skythoughtQwen32bResults,
  mip_reasoning_outputs: mipReasoningOutputs,
  lcb_code_outputs: lcbCodeOutputs,
  skyt1_outputs: skyt1Outputs,
}

/** The names of the data files. */
export const recordedFiles: readonly RecordedFile[] = RecordedSource.shape.file.options
