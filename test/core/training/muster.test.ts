import { describe, expect, test } from 'vitest'
import {
  absent,
  causeAmong,
  hasNoMore,
  hasSaid,
  launchedWhenReady,
  lostNode,
  missingNodes,
  type Muster,
  type NodeState,
  type NodeWord,
  silent,
  withWord,
} from '../../../core/training/muster.ts'
import { faultOfLastLines } from '../../../core/training/training-fault.ts'

const called: Muster = {
  runId: 'run',
  launch: 3,
  address: 'node-a:29500',
  resumeFrom: null,
  stage: 'called',
  words: {},
}

function word(state: NodeState, changes: Partial<NodeWord> = {}): NodeWord {
  return { node: 'node-b', attempt: 1, state, fault: null, ...changes }
}

const outOfMemory = faultOfLastLines('torch.OutOfMemoryError: CUDA out of memory')
const connection = faultOfLastLines('RuntimeError: Connection closed by peer')

describe('a muster of three nodes', () => {
  test('is let go when both others are ready, and not before', () => {
    const one = withWord(called, 1, word('ready'))
    expect(launchedWhenReady(one, 3)).toBe(one)
    expect(absent(one, 3)).toEqual([2])
    expect(launchedWhenReady(withWord(one, 2, word('ready')), 3).stage).toBe('launched')
  })

  test('hears a later incarnation of a node, and the earlier one no more', () => {
    const later = withWord(called, 1, word('lacking', { attempt: 2, node: 'node-c' }))
    expect(() => withWord(later, 1, word('running'))).toThrow(
      'attempt 2 of node 1 on node-c has taken this training over',
    )
    expect(hasSaid(later, 1, word('lacking'))).toBe(false)
    expect(silent(later, 3)).toEqual([2])
  })

  test.each([
    [
      'lacking',
      /^node 2 \(node-b\) was lost with its trainer, and came anew; all nodes go on from/,
    ],
    ['leaving', /^node 2 \(node-b\) is being taken away; all nodes go on from the last checkpoint/],
  ] as const)('with a node that is %s cannot go on', (state, message) => {
    const muster = withWord(withWord(called, 1, word('running')), 2, word(state))
    expect(lostNode(muster)).toMatchObject({ name: 'node-lost', isFinal: false })
    expect(lostNode(muster)?.message).toMatch(message)
  })

  test.each([
    ['running', false],
    ['ended', false],
    ['done', true],
    ['lacking', true],
  ] as const)('a node that is %s has no more to store: %s', (state, noMore) => {
    expect(hasNoMore(withWord(called, 1, word(state)), 1)).toBe(noMore)
    expect(hasNoMore(called, 1)).toBe(false)
  })

  test('names the nodes that do not come', () => {
    expect(missingNodes([2], 3).message).toMatch(/^2 of 3 nodes came, node 2 is missing; have a /)
    expect(missingNodes([1, 2], 3).message).toMatch(/^1 of 3 nodes came, nodes 1, 2 are missing; /)
  })
})

describe('of the faults of several nodes', () => {
  const own = { node: 'node-a', fault: connection }

  test('the one that explains the others is the cause, with its node', () => {
    const muster = withWord(called, 2, word('ended', { fault: outOfMemory }))
    expect(causeAmong(muster, own)).toMatchObject({
      name: 'out-of-memory',
      isFinal: true,
      message: expect.stringMatching(/^on node 2 \(node-b\): out-of-memory: lower /),
    })
  })

  test('a node that is gone explains lost connections', () => {
    const muster = withWord(called, 1, word('lacking'))
    expect(causeAmong(muster, own)?.name).toBe('node-lost')
  })

  test('without such a one it is that of the first', () => {
    const muster = withWord(called, 1, word('ended', { fault: faultOfLastLines('') }))
    expect(causeAmong(muster, own)?.message).toMatch(/^on node 0 \(node-a\): communication: /)
    expect(causeAmong(called, { node: 'node-a', fault: undefined })).toBeUndefined()
  })
})
