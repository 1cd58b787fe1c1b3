import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { activityInfo, ApplicationFailure, cancellationSignal, log } from '@temporalio/activity'
import { ApplicationFailureCategory } from '@temporalio/common'
import { InvalidInputError } from '../core/invalid-input.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ModelServer } from '../core/ports/model-server.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Replica } from '../core/serving/engine-command.ts'
import { renderCommand } from '../core/serving/render-command.ts'
import type { Serving } from '../core/serving/serving.ts'
import { shareGpus } from '../core/serving/share-gpus.ts'
import { fetchModel } from './model-objects.ts'
import { readRecipe } from './open-run.ts'
import { readModel } from './prepare-student.ts'
import { reportProgress } from './progress.ts'
import { keepReplica } from './replica.ts'
import {
  findServers,
  type Server,
  ServingLostError,
  ServingTakenError,
  withdrawNotice,
  writeNotice,
} from './serving-board.ts'

/** What serving needs of a node. */
export type ServeTeacherDeps = {
  readonly store: ObjectStore
  readonly server: ModelServer
  /** Where models are kept on this node. */
  readonly workDirectory: string
  /** The worker's `CUDA_VISIBLE_DEVICES`. */
  readonly visibleGpus: string | undefined
  /** True where the deployment says where an endpoint is. */
  readonly isGiven: (endpoint: string) => boolean
}
export type ServeTeacherActivities = ReturnType<typeof createServeTeacherActivities>

/** A notice holds for a minute: it survives a store that is away for a while. */
const renewEveryMs = 10_000

/** Serving the teacher with the recipe's own engine. */
export function createServeTeacherActivities(deps: ServeTeacherDeps) {
  const { store } = deps
  return {
    /**
     * Serves the teacher until it is cancelled: starts the replicas, says where they are, starts
     * one again that dies. It never ends well by itself: it rejects with the cancellation, or with
     * ReplicaDiedError where a replica does not stay up. Nothing of it runs afterwards.
     */
    async serveTeacher(recipeRef: ObjectRef): Promise<never> {
      const { serving, teacher } = await readRecipe(store, recipeRef)
      if (serving === null) throw new InvalidInputError('field serving: null; nothing is to serve')
      if (deps.isGiven(teacher.endpoint)) {
        throw new InvalidInputError(
          `field serving: the deployment says where endpoint ${teacher.endpoint} is; ` +
            'unset its _BASE_URL, or set serving to null',
        )
      }
      const { endpoint, model } = teacher
      const server: Server = { endpoint, model, ...thisAttempt() }
      // First of all: whoever serves this name already must not lose it to a node that is only starting.
      await writeNotice(store, server, { baseUrls: [], seize: true })
      try {
        return await serveAll(deps, serving, server)
      } finally {
        await withdrawNotice(store, server)
      }
    },
    /** Ends once the teacher is served. Each look is an attempt, and the wait between two is Temporal's. */
    async awaitTeacher(recipeRef: ObjectRef): Promise<void> {
      const { teacher } = await readRecipe(store, recipeRef)
      if ((await findServers(store, teacher.endpoint)).length > 0) return
      throw ApplicationFailure.create({
        type: 'TeacherStarting',
        message: `the engine of endpoint ${teacher.endpoint} is starting`,
        nextRetryDelay: 2000,
        category: ApplicationFailureCategory.BENIGN,
      })
    },
  }
}

async function serveAll(deps: ServeTeacherDeps, serving: Serving, server: Server): Promise<never> {
  const shares = shareGpus(serving, deps.visibleGpus)
  const stopped = new AbortController()
  const signal = AbortSignal.any([cancellationSignal(), stopped.signal])
  const notice = keepNotice(deps.store, server, signal)
  const model = modelOf(deps, serving)
  const replicas = shares.map(async (gpus, at) => {
    const replica = { ...(await model), name: server.model, gpus }
    signal.throwIfAborted()
    return keepReplica(deps.server, {
      name: `replica ${at + 1} of ${serving.replicas}`,
      command: (port) => renderCommand(serving, { ...replica, port }),
      workDirectory: join(deps.workDirectory, 'teacher', server.endpoint, String(at)),
      signal,
      onChange: (baseUrl) => notice.show(at, baseUrl),
    })
  })
  try {
    return await Promise.race([notice.kept, ...replicas])
  } finally {
    stopped.abort(new Error('the serving ends'))
    await Promise.allSettled([notice.kept, ...replicas])
  }
}

/**
 * Keeps the notice of where the servers are, at every change and from time to time. While the store
 * is away the servers go on. Rejects where the notice is another's by now.
 */
function keepNotice(store: ObjectStore, server: Server, signal: AbortSignal) {
  const up = new Map<number, string>()
  let changed = Promise.withResolvers<void>()
  const renew = async () => {
    const baseUrls = [...up].toSorted(([a], [b]) => a - b).map(([, baseUrl]) => baseUrl)
    reportProgress({ up: baseUrls.length })
    try {
      await writeNotice(store, server, { baseUrls, seize: false })
    } catch (error) {
      if (error instanceof ServingLostError || error instanceof ServingTakenError) throw error
      log.warn('where the teacher is served cannot be written; it is tried again', { error })
    }
  }
  const keep = async (): Promise<never> => {
    for (;;) {
      changed = Promise.withResolvers<void>()
      await renew()
      await Promise.race([changed.promise, wait(renewEveryMs, undefined, { signal })])
    }
  }
  return {
    kept: keep(),
    show(replica: number, baseUrl: string | undefined): void {
      if (baseUrl === undefined) up.delete(replica)
      else up.set(replica, baseUrl)
      changed.resolve()
    },
  }
}

async function modelOf(
  { store, workDirectory }: ServeTeacherDeps,
  { model }: Serving,
): Promise<Pick<Replica, 'model' | 'revision'>> {
  if ('hub' in model) return { model: model.hub, revision: model.revision }
  const manifest = await readModel(store, model)
  const directory = join(workDirectory, 'models', manifest.digest)
  log.info('fetching the teacher', { model: model.uri })
  await fetchModel(store, manifest, { directory })
  return { model: directory }
}

function thisAttempt(): Pick<Server, 'workflow' | 'attempt'> {
  const { workflowExecution, activityId, attempt } = activityInfo()
  const { workflowId = '', runId = '' } = workflowExecution ?? {}
  return { workflow: workflowId, attempt: `${runId}/${activityId}/${attempt}` }
}
