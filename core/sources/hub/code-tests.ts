import type { ExactJson } from '../../exact-json.ts'
import type { CodeTests } from '../../problem.ts'
import { exactJson, isRawNumber } from './exact-json.ts'
import type { RowFault } from './row-reader.ts'

type Cases = {
  readonly functionName: ExactJson | undefined
  readonly inputs: readonly ExactJson[]
  readonly outputs: readonly ExactJson[]
}
type StdinCase = Extract<CodeTests, { kind: 'stdin' }>['cases'][number]
type CallCase = Extract<CodeTests, { kind: 'call' }>['cases'][number]

/** Tests as APPS and TACO keep them, with the code that a solution has to begin with. */
export type TestText = { readonly text: string; readonly starterCode: string }

/**
 * Reads tests as APPS and TACO keep them: JSON text with `inputs` and `outputs`, one of each for a
 * case, and `fn_name` where a function is called. All cases are read or none: a test set without
 * its hard cases would accept wrong programs.
 */
export function readCodeTests({ text, starterCode }: TestText): CodeTests | RowFault {
  if (text.trim() === '') return { fault: 'no tests' }
  const json = exactJson(text)
  if ('fault' in json) return { fault: `tests: ${json.fault}` }
  const cases = casesOf(json.value)
  if ('fault' in cases) return cases
  const { functionName } = cases
  if (functionName === undefined || functionName === null || functionName === '') {
    return stdinTests(cases)
  }
  if (typeof functionName !== 'string' || !callable.test(functionName)) {
    return { fault: 'tests call no function that can be named' }
  }
  return callTests(cases, functionName, starterCode)
}

/** A name of Python; a constructor, which TACO names here and there, returns nothing to compare. */
const callable = /^(?!__init__$)[A-Za-z_]\w*$/

function casesOf(value: ExactJson): Cases | RowFault {
  if (!isObject(value)) return { fault: 'tests are no object' }
  const members: JsonObject = value
  const { fn_name: functionName, inputs, outputs } = members
  if (inputs === undefined && outputs === undefined) return { fault: 'no tests' }
  if (!Array.isArray(inputs) || !Array.isArray(outputs)) {
    return { fault: 'tests have no lists of inputs and outputs' }
  }
  if (inputs.length !== outputs.length) return { fault: 'tests without as many outputs as inputs' }
  return inputs.length === 0 ? { fault: 'no tests' } : { functionName, inputs, outputs }
}

function stdinTests({ inputs, outputs }: Cases): CodeTests | RowFault {
  const cases: StdinCase[] = []
  for (const [at, given] of inputs.entries()) {
    const input = textOf(given)
    const output = textOf(outputs[at])
    if (input === undefined || output === undefined) return { fault: 'a test is no text' }
    cases.push({ input, output })
  }
  // Any program that prints nothing would pass.
  if (cases.every(({ output }) => output.trim() === '')) return { fault: 'tests expect no output' }
  return { kind: 'stdin', cases }
}

/** Text, or a list of its lines, or a bare number, which is as good as its text. */
function textOf(value: ExactJson | undefined): string | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) return lineOf(value)
  const lines = value.map((line: ExactJson) => lineOf(line))
  return lines.includes(undefined) ? undefined : lines.join('\n')
}

function lineOf(value: ExactJson): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return isRawNumber(value) ? value.rawJSON : undefined
}

function callTests(
  { inputs, outputs }: Cases,
  functionName: string,
  starterCode: string,
): CodeTests | RowFault {
  const wrapped = areWrapped(outputs, returnedType(functionName, starterCode))
  const cases: CallCase[] = []
  for (const [at, given] of inputs.entries()) {
    if (!Array.isArray(given)) return { fault: 'the arguments of a test are no list' }
    if (given.some(holdsNumberKeys)) return { fault: 'a test has lost the type of its keys' }
    const output = outputs[at] ?? null
    cases.push({ arguments: given, expected: wrapped ? firstOf(output) : output })
  }
  const tests = { kind: 'call', function: functionName, cases } as const
  // Its types are needed where they are classes that LeetCode provides.
  return /\b(?:ListNode|TreeNode)\b/.test(starterCode) ? { ...tests, starterCode } : tests
}

/**
 * Whether each expected value stands in a list of its own, as those from Codewars do and those from
 * LeetCode do not. What the function is said to return decides; else that every one is in a list
 * of one item.
 */
function areWrapped(
  outputs: readonly ExactJson[],
  returned: 'list' | 'other' | 'unknown',
): boolean {
  return returned !== 'list' && outputs.every((each) => Array.isArray(each) && each.length === 1)
}

const listType =
  /^["']?(?:typing\.)?(?:Optional\[)?(?:typing\.)?(?:list|tuple|sequence|iterable)\b/i

function returnedType(functionName: string, starterCode: string): 'list' | 'other' | 'unknown' {
  const definition = starterCode.split(new RegExp(`\\bdef\\s+${RegExp.escape(functionName)}\\b`))[1]
  const annotation = /\)\s*->\s*([^:\n]+):/.exec(definition ?? '')?.[1]
  if (annotation === undefined) return 'unknown'
  return listType.test(annotation.trim()) ? 'list' : 'other'
}

function firstOf(output: ExactJson): ExactJson {
  return Array.isArray(output) ? (output[0] ?? null) : output
}

/** JSON has turned a dictionary's number keys into text: the function would be called with others. */
function holdsNumberKeys(value: ExactJson): boolean {
  if (Array.isArray(value)) return value.some((item: ExactJson) => holdsNumberKeys(item))
  if (!isObject(value)) return false
  const keys = Object.keys(value)
  return (
    (keys.length > 0 && keys.every((key) => /^-?\d+$/.test(key))) ||
    Object.values(value).some(holdsNumberKeys)
  )
}

type JsonObject = { readonly [key: string]: ExactJson }

function isObject(value: ExactJson): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isRawNumber(value)
}
