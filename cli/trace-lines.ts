import type { RowTrace, TracedReply } from '../activities/trace-row.ts'
import type { DroppedRow } from '../core/curation/dropped-row.ts'
import type { ReleasedLineageRow } from '../core/lineage/lineage-row.ts'
import { describeReference } from '../core/report/describe-reference.ts'
import { count } from '../core/report/figures.ts'
import type { Verdict } from '../core/verdict.ts'

/** Characters of a text that are shown; `--json` has all of it. */
const shown = 1500

/** How a row came to be, from its problem to its line in the release. */
export function traceLines(traced: RowTrace): string[] {
  const { row, problem } = traced
  return [
    `response ${row.responseId} of ${traced.runs.join(', ')}`,
    '',
    line(
      'problem',
      `${problem.id}, ${problem.domain}, ${problem.category}, ${difficultyOf(traced)}`,
    ),
    line('from', `${row.source} at ${row.revision}, row ${count(problem.origin.row)}`),
    ...quoted(problem.prompt),
    line('reference', describeReference(problem.reference)),
    ...sampledLines(traced),
    ...reformattedLines(traced),
    ...verdictLines(traced),
    line('mixture', mixtureOf(row)),
    line('shard', `${row.shard}: ${traced.shard.responses.uri}`),
    line('release', placeOf(traced)),
  ]
}

function difficultyOf({ problem: { difficulty } }: RowTrace): string {
  return difficulty === undefined ? 'difficulty not known' : `difficulty ${difficulty}`
}

function sampledLines({ sampled, response }: RowTrace): string[] {
  if (sampled !== null) return replyLines('reply', sampled)
  if (response === null) return [line('reply', 'none that could be used')]
  return [
    line('reply', 'the answer that its source has; nobody was asked'),
    ...quoted(response.text),
  ]
}

function reformattedLines({ reformatted, trace, deadLetter }: RowTrace): string[] {
  if (deadLetter !== null) return [line('set aside', deadLetter.reason)]
  if (reformatted === null) {
    return trace === null ? [] : [line('reformat', 'not needed: it was in the format already')]
  }
  return replyLines('reformat', reformatted)
}

function replyLines(name: string, { request, reply, digest, uri }: TracedReply): string[] {
  const { endpoint, model, temperature, maxTokens } = request
  const asked = `${digest} to ${model} at ${endpoint}, temperature ${temperature}, at most ${count(maxTokens)} tokens`
  if ('unusable' in reply) {
    return [line('request', asked), line(name, `${reply.unusable}, raw at ${uri}`)]
  }
  const { promptTokens, completionTokens } = reply.usage
  const tokens = `${count(promptTokens)} + ${count(completionTokens)} tokens`
  return [
    line('request', asked),
    line(name, `${reply.finishReason}, ${tokens}, raw at ${uri}`),
    ...quoted(reply.text),
  ]
}

function verdictLines({ verdict }: RowTrace): string[] {
  if (verdict === null) return [line('verdict', 'not judged')]
  const { outcome, reason, tier, extracted, legacyOutcome, profile, profileVersion } = verdict
  return [
    line(
      'verdict',
      `${outcome} (${reason}) by ${tier}, profile ${profile} ${profileVersion}; published graders: ${legacyOutcome}`,
    ),
    ...(extracted === null ? [] : [line('judged', extracted)]),
    ...judgeLines(verdict),
  ]
}

function judgeLines({ judged }: Verdict): string[] {
  if (judged === undefined) return []
  const { verdict, reason, said, request, rule } = judged
  return [
    line('rules', `${rule.outcome} (${rule.reason}) by ${rule.tier}`),
    line('judge', `${verdict} (${reason}), request ${request}`),
    ...(said === null ? [] : quoted(said)),
  ]
}

function mixtureOf({ fate, reason, overLength }: ReleasedLineageRow): string {
  switch (fate) {
    case 'row':
      return overLength ? `chosen in quota ${reason}, but too long` : `chosen in quota ${reason}`
    case 'left-out':
      return `left out: ${leftOut[reason] ?? reason}`
    case 'rejected':
    case 'set-aside':
      return 'never looked at it: it was not accepted'
  }
}

const leftOut: Readonly<Record<string, string>> = {
  duplicate: 'its question is in the data set already',
  'over-quota': 'the quotas that it fits are full',
  'no-quota': 'it fits no quota',
}

function placeOf({ row: { place, tokens }, file }: RowTrace): string {
  const length = tokens === null ? '' : `, ${count(tokens)} tokens`
  if (place === null || file === null) return `in no file${length}`
  return `${place.file} line ${count(place.line)}${length}: ${file}`
}

/** A response in a list: its ids, what became of it, and where it stands. */
export function rowLine(row: ReleasedLineageRow): string {
  const { responseId, problemId, fate, reason, place, overLength } = row
  const where = place === null ? '' : `  ${place.file}:${place.line}`
  const became = `${fate} (${overLength ? 'too long' : reason})`
  return `  ${responseId.slice(0, 16)}  problem ${problemId.slice(0, 16)}  ${plain(became)}${where}`
}

/** How many responses of a list became what. */
export function totalsLine(totals: Readonly<Record<string, number>>): string {
  return Object.entries(totals)
    .map(([fate, total]) => `${count(total)} ${fate}`)
    .join(' · ')
}

/** A problem that nobody was asked about. */
export function droppedLine({ problemId, source, reason, ground }: DroppedRow): string {
  return plain(
    `problem ${problemId} of ${source} was dropped by curation: ${reason} (${groundOf(ground)})`,
  )
}

function groundOf(ground: DroppedRow['ground']): string {
  switch (ground.kind) {
    case 'ngram':
      return `item ${ground.item} of ${ground.set} has ${ground.ngram === null ? 'the same words' : `“${ground.ngram}”`}`
    case 'similar':
      return `${Math.round(ground.similarity * 100)}% like item ${ground.item} of ${ground.set}`
    case 'kept':
      return `${Math.round(ground.similarity * 100)}% like problem ${ground.problemId} of ${ground.source}`
    case 'difficulty':
      return `its difficulty is ${ground.difficulty}`
    case 'unrated':
      return ground.why
  }
}

function line(name: string, text: string): string {
  return `${name.padEnd(10)} ${plain(text)}`
}

/** A text, indented; a long one is cut, and says by how much. */
function quoted(text: string): string[] {
  const rest = text.length - shown
  const lines = (rest > 0 ? text.slice(0, shown) : text).trimEnd().split('\n')
  const more = rest > 0 ? [`… ${count(rest)} more characters; --json has them`] : []
  return [...lines, ...more].map((each) => `           ${plain(each)}`)
}

/** A text on one line. What a model or a source wrote must neither drive the terminal nor turn its text around. */
function plain(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, ' ')
}
