import { WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestStack, stackIsInstalled, type TestStack } from './local-stack.ts'
import { servedCounts, smallOverrides } from './small-run.ts'

/** What a user may type wrongly, and what the one line that refuses it names. */
const refused: ReadonlyArray<readonly [string, unknown, RegExp]> = [
  ['an unknown recipe', { recipe: 'minature' }, /recipe minature; there are .*miniature/],
  ['no recipe', {}, /field recipe/],
  ['an unknown field', { recipe: 'miniature', overrides: { seeds: 2 } }, /unknown field seeds/],
  ['an unknown field of the input', { recipe: 'miniature', fast: true }, /unknown field fast/],
  ['a wrong type', { recipe: 'miniature', overrides: { seed: 'two' } }, /field seed/],
  ['no object at all', 'miniature', /input/],
  [
    'more rows than problems',
    { recipe: 'miniature', overrides: { ...smallOverrides, mixture: { math: { rows: 500 } } } },
    /mixture\.math: 500 rows asked, but the sources give 80 problems/,
  ],
  [
    'an endpoint without an address',
    { recipe: 'miniature', overrides: { teacher: { endpoint: 'nowhere' } } },
    /NOWHERE_BASE_URL/,
  ],
  [
    'an endpoint without its key',
    {
      recipe: 'miniature',
      overrides: {
        reformatter: { endpoint: 'openai', model: 'gpt-4o-mini' },
        prices: { 'gpt-4o-mini': { promptPerMillion: 0.15, completionPerMillion: 0.6 } },
      },
    },
    /OPENAI_API_KEY/,
  ],
  [
    'a model that the endpoint does not offer',
    {
      recipe: 'miniature',
      overrides: {
        teacher: { model: 'qwq' },
        prices: { qwq: { promptPerMillion: 1, completionPerMillion: 1 } },
      },
    },
    /does not offer the model qwq/,
  ],
  [
    'a recorded source without a data folder',
    {
      recipe: 'replay',
    },
    /SKY_T1_DATA|--data/,
  ],
]

describe.skipIf(!stackIsInstalled)('bad input to a run', () => {
  let stack: TestStack

  beforeAll(async () => {
    stack = await startTestStack()
  })

  afterAll(() => stack?.stop())

  test.each(refused)('%s: refused at once, in one line', async (what, input, named) => {
    const failure = await failureOf(stack, { what, input })
    expect(failure.message).toMatch(named)
    expect(failure.message).not.toContain('\n')
    expect(failure.nonRetryable).toBe(true)
  })

  test('nothing was asked of any endpoint', async () => {
    expect((await servedCounts(stack)).totals['begun'] ?? 0).toBe(0)
  })

  test('a night of a run that never was is refused', async () => {
    const failure = await failureOf(stack, {
      what: 'night',
      input: { run: 'never' },
      type: 'nightly',
    })
    expect(failure.message).toMatch(/run never/)
  })
})

/** The failure that a workflow ended with; the test hangs, and fails, where it does not end. */
async function failureOf(
  { client }: TestStack,
  start: { readonly what: string; readonly input: unknown; readonly type?: string },
): Promise<ApplicationFailure> {
  const { what, input, type = 'reproduce' } = start
  const workflowId = what.replaceAll(' ', '-')
  const running = client.workflow.execute(type, { workflowId, taskQueue: 'sky-t1', args: [input] })
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof WorkflowFailedError))
    throw new Error(`${what} did not fail: ${String(error)}`)
  let cause: unknown = error.cause
  while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause
  if (cause instanceof ApplicationFailure) return cause
  throw error
}
