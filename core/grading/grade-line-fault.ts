import type { z } from 'zod'
import type { JsonFault } from './grade-line-json.ts'

/** Why a line cannot be judged. */
export type Fault = {
  /**
   * `malformed-json`, `nested-too-deep`, `not-an-object`, `missing-field`, `invalid-field`,
   * `unknown-language`, `line-too-long`, `invalid-utf-8`, or `grader-error`.
   */
  readonly reason: string
  /** The first field at fault, such as `tests.cases.0.output`; null where it is none in particular. */
  readonly field: string | null
  readonly message: string
}

/** A line that is no JSON. */
export function faultOfJson({ fault, message }: JsonFault): Fault {
  return { reason: fault, field: null, message }
}

/** A line that is JSON, but not what it must hold: the first field at fault. */
export function faultOfSchema({ issues: [issue] }: z.ZodError, line: unknown): Fault {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    return { reason: 'not-an-object', field: null, message: 'the line is no JSON object' }
  }
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') {
    const field = nameOf([...path, issue.keys[0] ?? ''])
    return { reason: 'invalid-field', field, message: 'is not known here' }
  }
  const field = nameOf(path)
  if (valueAt(line, path) === undefined) {
    return { reason: 'missing-field', field, message: 'is missing' }
  }
  return { reason: reasonOf(issue), field, message: issue?.message ?? 'is not as it must be' }
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

/** A schema may name the reason of a refusal of its own. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  const named: unknown = issue?.code === 'custom' ? issue.params?.['reason'] : undefined
  return typeof named === 'string' ? named : 'invalid-field'
}

function valueAt(line: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined,
    line,
  )
}
