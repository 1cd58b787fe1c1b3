/** The readers that know one data set's rows, each in the file of its name. */
export const rowReaderNames = [
  'apps',
  'taco',
  'numina-math',
  'still-2',
  'math500',
  'aime24',
  'aime25',
  'livecodebench',
  'gpqa-diamond',
  'olympiadbench',
  'mmlu-pro',
] as const
export type RowReaderName = (typeof rowReaderNames)[number]
