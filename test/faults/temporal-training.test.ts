import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTrainingRecord } from '../../activities/training-records.ts'
import type { TrainingProgress } from '../../core/checkpoint.ts'
import type { TrainInput } from '../../core/training/train-input.ts'
import { queues } from '../../workflows/options.ts'
import type { train } from '../../workflows/train.ts'
import { lossesOf, storedOf, type TrainingNode } from '../activities/training-node.ts'
import { hasTrainer, holdAt, patience, resumedFrom } from './real-node.ts'
import {
  prepareSmall,
  type SmallTraining,
  smallSteps,
  storeSmall,
  trainUndisturbed,
} from './small-training.ts'
import { TrainingStack, trainingStackIsInstalled } from './training-stack.ts'

const minute = 60_000

/** One training, from its first step to its last: each test disturbs it where the one before left it. */
describe.skipIf(!trainingStackIsInstalled)(
  'a training by the real trainer on which all that can happen to it in Temporal happens',
  { timeout: 5 * minute },
  () => {
    let small: SmallTraining
    let stack: TrainingStack
    let node: TrainingNode
    let input: TrainInput
    let handle: WorkflowHandle<typeof train>
    let undisturbed: Promise<number[]>
    /** The step behind which the training was stopped last. */
    let stoppedAt = 0

    beforeAll(async () => {
      small = await prepareSmall()
      undisturbed = trainUndisturbed(small)
      undisturbed.catch(() => undefined) // looked at in the end
      stack = await TrainingStack.start()
      node = stack.node
      input = await storeSmall(stack.store, small)
      handle = await start('first')
    })
    afterAll(async () => {
      await undisturbed.catch(() => undefined)
      await small.remove()
      await stack[Symbol.asyncDispose]()
    })

    const start = (workflowId: string) =>
      stack.client.workflow.start<typeof train>('train', {
        workflowId,
        taskQueue: queues.workflows,
        args: [input],
      })

    const progress = () => handle.query<TrainingProgress | null>('progress')
    const newest = async () => (await storedOf(stack.store, node)).at(-1)?.globalStep ?? 0
    const pending = async () => {
      const { raw } = await handle.describe()
      return raw.pendingActivities?.find(({ activityId }) => activityId === 'train')
    }

    test('Temporal killed and started again: the trainer goes on, and the workflow hears of it', async () => {
      await holdAt(node, 10)
      const pid = await node.trainerPid()
      const server = stack.signal('temporal', 'SIGKILL')
      await node.signalTrainer('SIGCONT')
      await holdAt(node, 45)
      await stack.succeeded('temporal', server)
      await expect.poll(async () => (await progress())?.lastCheckpoint, patience).toBe(40)
      expect(await node.trainerPid()).toBe(pid)
      expect((await pending())?.attempt).toBe(1)
    })

    test('the store away for longer than it is asked again: the trainer goes on, and is stored later', async () => {
      const pid = await node.trainerPid()
      await stack.end('s3')
      await node.signalTrainer('SIGCONT')
      await holdAt(node, 65)
      const unanswered = () => stack.logged('the store does not answer')
      await expect.poll(unanswered, patience).toBeGreaterThanOrEqual(3)
      await stack.begin('s3')
      await expect.poll(newest, patience).toBe(60)
      expect(await node.trainerPid()).toBe(pid)
      expect((await pending())?.attempt).toBe(1)
    })

    test('the activity paused: its node is free behind a checkpoint; unpaused, it goes on from there', async () => {
      await stack.temporal('activity', 'pause', '-w', 'first', '-a', 'train')
      await stopped()
      await expect.poll(() => stack.freeSlots(), patience).toBe(1)
      expect((await pending())?.paused).toBe(true)
      await stack.temporal('activity', 'unpause', '-w', 'first', '-a', 'train')
      await goneOn(85)
    })

    test('the worker told that its machine is taken away: stored within the notice, and gone on with', async () => {
      const told = Date.now()
      const worker = stack.signal('training', 'SIGTERM')
      await stopped()
      await stack.ended('training', worker)
      expect(Date.now() - told).toBeLessThan(30_000)
      await goneOn(105)
    })

    test('the workflow reset: its new run takes the training over, and nothing runs twice', async () => {
      const { runId } = await handle.describe()
      const reset = ['--type', 'LastWorkflowTask', '--reason', 'a test']
      await stack.temporal('workflow', 'reset', '-w', 'first', ...reset)
      const again = await handle.describe()
      expect(again.runId).not.toBe(runId)
      await stopped()
      await goneOn(125)
      const record = await findTrainingRecord(stack.store, basename(await node.job()))
      expect(record?.supervisor.runId).toBe(again.runId)
    })

    test('the workflow terminated: nothing is left running', async () => {
      await stack.temporal('workflow', 'terminate', '-w', 'first', '--reason', 'a test')
      await stopped()
      await expect.poll(() => stack.freeSlots(), patience).toBe(1)
    })

    test('another workflow goes on with it, and ends with the losses of an undisturbed training', async () => {
      handle = await start('second')
      await expect.poll(() => hasTrainer(node), patience).toBe(true)
      expect(await resumedFrom(node)).toBe(stoppedAt)
      const { trained } = await handle.result()
      const losses = await lossesOf(stack.store, trained.key)
      expect(losses).toHaveLength(smallSteps)
      expect(losses).toEqual(await undisturbed)
    })

    /** When the trainer, held in mid-step until it is told to stop, has stored its step and ended. */
    async function stopped(): Promise<void> {
      const asked = join(await node.job(), 'output', 'STOP_NOW')
      await expect.poll(() => exists(asked), patience).toBe(true)
      await node.signalTrainer('SIGCONT')
      await expect.poll(() => hasTrainer(node), patience).toBe(false)
      const steps = await node.steps()
      await expect.poll(newest, patience).toBe(steps)
      expect(steps).toBeGreaterThan(stoppedAt)
      stoppedAt = steps
    }

    /** When another trainer has gone on from there, past a step at which it is held. */
    async function goneOn(step: number): Promise<void> {
      await expect.poll(() => hasTrainer(node), patience).toBe(true)
      await holdAt(node, step)
      // Temporal may start a paused activity once more; told so, that attempt ends behind another step.
      expect(await resumedFrom(node)).toBeGreaterThanOrEqual(stoppedAt)
    }
  },
)

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
