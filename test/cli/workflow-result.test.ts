import { ServiceError } from '@temporalio/client'
import { ApplicationFailure, NamespaceNotFoundError } from '@temporalio/common'
import { expect, test } from 'vitest'
import { resultOf } from '../../cli/workflow-result.ts'

/** A workflow whose server answers as listed, one answer each time it is asked. */
function handleOf(...answers: ReadonlyArray<Error | string>) {
  const left = [...answers]
  return {
    async result() {
      const answer = left.shift()
      if (typeof answer === 'string') return answer
      throw answer ?? new Error('asked more often than it should')
    },
  }
}

test.each([
  ['is being restarted', new ServiceError('14 UNAVAILABLE: connection refused')],
  ['has lost sight of its namespace', new NamespaceNotFoundError('default')],
])('a result is waited for while the server %s', async (_, passing) => {
  expect(await resultOf(handleOf(passing, passing, 'done'), { pauseMs: 0 })).toBe('done')
})

test('a workflow that failed says its innermost cause', async () => {
  const cause = ApplicationFailure.nonRetryable('no run none has ended', 'InvalidInput')
  const activity = new Error('Activity task failed', { cause })
  const failed = handleOf(new Error('Workflow execution failed', { cause: activity }))
  await expect(resultOf(failed)).rejects.toBe(cause)
})
