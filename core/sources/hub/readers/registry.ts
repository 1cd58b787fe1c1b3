import type { HubSource } from '../hub-source.ts'
import type { RowReaderName } from '../row-reader-names.ts'
import type { RowReader } from '../row-reader.ts'
import { aime24 } from './aime24.ts'
import { aime25 } from './aime25.ts'
import { apps } from './apps.ts'
import { columnsReader } from './columns.ts'
import { gpqaDiamond } from './gpqa-diamond.ts'
import { livecodebench } from './livecodebench.ts'
import { math500 } from './math500.ts'
import { mmluPro } from './mmlu-pro.ts'
import { numinaMath } from './numina-math.ts'
import { olympiadbench } from './olympiadbench.ts'
import { still2 } from './still-2.ts'
import { taco } from './taco.ts'

/** Every reader that knows its data set. A new one is a file beside this, a name and a line here. */
const rowReaders: Readonly<Record<RowReaderName, RowReader>> = {
  apps,
  taco,
  'numina-math': numinaMath,
  'still-2': still2,
  math500,
  aime24,
  aime25,
  livecodebench,
  'gpqa-diamond': gpqaDiamond,
  olympiadbench,
  'mmlu-pro': mmluPro,
}

/** The reader that an entry asks for. */
export function readerOf({ reader }: HubSource): RowReader {
  return reader.name === 'columns' ? columnsReader(reader) : rowReaders[reader.name]
}
