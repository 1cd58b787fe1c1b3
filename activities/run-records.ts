import type { ObjectStore } from '../core/ports/object-store.ts'
import { RunRecord } from '../core/run-record.ts'
import { findJson } from './artifacts.ts'

/** Where the record of a finished run stands. */
export function runRecordKey(run: string): string {
  return `runs/${run}/run.json`
}

/** What stands of a run by its name; undefined where none has ended with a student and a report. */
export async function findRunRecord(
  store: ObjectStore,
  run: string,
): Promise<RunRecord | undefined> {
  return findJson(store, runRecordKey(run), RunRecord)
}
