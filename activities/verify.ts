import { cancellationSignal } from '@temporalio/activity'
import pLimit from 'p-limit'
import type { z } from 'zod'
import { digestOf } from '../core/digest.ts'
import { gradeSubmission } from '../core/grading/grade.ts'
import { keptVerdict } from '../core/grading/kept.ts'
import { graderProfiles } from '../core/grading/profiles.ts'
import {
  type Submission,
  submissionOfResponse,
  submissionOfTrace,
} from '../core/grading/submission.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { CodeSandbox } from '../core/ports/code-sandbox.ts'
import type { MathGrader } from '../core/ports/math-grader.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { Problem } from '../core/problem.ts'
import type { GradingRules } from '../core/recipe.ts'
import { Response } from '../core/response.ts'
import { Trace } from '../core/trace.ts'
import type { Verdict } from '../core/verdict.ts'
import { CorruptObjectError, decodeRows, encodeRows, keyOf } from './artifacts.ts'
import { readRecipe } from './open-run.ts'
import { reportProgress } from './progress.ts'

/** What is to be graded: problems, and the traces or responses that answer them. */
export type GradingRequest = {
  readonly recipe: ObjectRef
  readonly problems: ObjectRef
  readonly submissions: ObjectRef
  readonly kind: SubmissionKind
}

/** Rows of a distillation, or of an evaluation. */
export type SubmissionKind = 'traces' | 'responses'

/** All that the sandbox pool is told: links to what it may read and write, for a while, and no credential. */
export type GradingOrder = {
  readonly kind: SubmissionKind
  readonly grading: GradingRules
  readonly problemsLink: string
  readonly submissionsLink: string
  readonly verdictsLink: string
}

/** A grading ready to run, or already done. */
export type OpenedGrading = { readonly verdicts: string; readonly order: GradingOrder | undefined }

export type GradingOrderActivities = ReturnType<typeof createGradingOrderActivities>
export type GradeActivities = ReturnType<typeof createGradeActivities>

/** A link of a grading order is no longer valid: open the grading again. */
export class LinkExpiredError extends Error {
  override readonly name = 'LinkExpiredError'
}

/** How long the links of an order stand: longer than any attempt of the grading. */
const linkSeconds = 3600

/** On the io pool: what grading needs from the store. */
export function createGradingOrderActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** Names where the verdicts stand, and gives the links to make them where they do not. */
    async openGrading(request: GradingRequest): Promise<OpenedGrading> {
      const recipe = await readRecipe(store, request.recipe)
      // The rules say the same whoever is asked after them.
      const { judge: _, ...grading } = recipe.grading
      const { problems, submissions, kind } = request
      const identity = digestOf({
        problems: problems.sha256,
        submissions: submissions.sha256,
        kind,
        grading,
        version: graderProfiles[grading.profile].version,
      })
      const verdicts = `verdicts/${identity}.jsonl.gz`
      if ((await store.find(verdicts)) !== undefined) return { verdicts, order: undefined }
      const link = (action: 'get' | 'put', key: string) => store.presign(action, key, linkSeconds)
      const order = {
        kind,
        grading,
        problemsLink: await link('get', keyOf(store, problems)),
        submissionsLink: await link('get', keyOf(store, submissions)),
        verdictsLink: await link('put', verdicts),
      }
      return { verdicts, order }
    },
  }
}

/** On the sandbox pool: running what models wrote. */
export function createGradeActivities(deps: {
  readonly mathGrader: MathGrader
  readonly sandbox: CodeSandbox
  /** Submissions graded at once. */
  readonly parallelism: number
}) {
  return {
    /** Grades one shard, all or nothing: the verdicts are put when the last one is made. */
    async gradeShard(order: GradingOrder): Promise<void> {
      const problems = await fetchRows(order.problemsLink, Problem)
      const byId = new Map(problems.map((problem) => [problem.id, problem]))
      const submissions = await fetchSubmissions(order)
      const limit = pLimit(deps.parallelism)
      const signal = cancellationSignal()
      let done = 0
      const grade = async (submission: Submission): Promise<Verdict> => {
        signal.throwIfAborted()
        const problem = byId.get(submission.problemId)
        if (problem === undefined) {
          throw new CorruptObjectError(
            `submission ${submission.id} answers no problem of its shard`,
          )
        }
        const { grading } = order
        const isKept = order.kind === 'traces' && problem.reference.kind === 'trace'
        const verdict = isKept
          ? keptVerdict(problem, submission, grading)
          : await gradeSubmission(problem, submission, { ...deps, grading })
        done += 1
        reportProgress({ done, total: submissions.length })
        return verdict
      }
      const verdicts = await Promise.all(
        submissions.map((submission) => limit(() => grade(submission))),
      )
      await putRows(order.verdictsLink, verdicts)
    },
  }
}

async function fetchSubmissions(order: GradingOrder): Promise<Submission[]> {
  if (order.kind === 'traces') {
    return (await fetchRows(order.submissionsLink, Trace)).map(submissionOfTrace)
  }
  return (await fetchRows(order.submissionsLink, Response)).map(submissionOfResponse)
}

async function fetchRows<Row extends z.ZodType>(
  link: string,
  row: Row,
): Promise<Array<z.infer<Row>>> {
  const reply = await fetch(link)
  checkReply(reply, link)
  return decodeRows(new Uint8Array(await reply.arrayBuffer()), row, withoutSignature(link))
}

async function putRows(link: string, rows: readonly unknown[]): Promise<void> {
  const reply = await fetch(link, { method: 'PUT', body: await encodeRows(rows) })
  checkReply(reply, link)
}

function checkReply(reply: globalThis.Response, link: string): void {
  if (reply.ok) return
  const message = `${withoutSignature(link)} answered ${reply.status}`
  if (reply.status === 403) throw new LinkExpiredError(`${message}; open the grading again`)
  throw new Error(message)
}

/** A link's signature opens its object: it stays out of messages. */
function withoutSignature(link: string): string {
  return link.split('?')[0] ?? ''
}
