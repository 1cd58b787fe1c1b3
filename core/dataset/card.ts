import type { CurationSummary } from '../curation/dropped-row.ts'
import type { Cost, Counts } from '../manifest.ts'
import type { Recipe } from '../recipe.ts'
import { teacherModels } from '../recipe-feasibility.ts'
import { count, dollars } from '../report/figures.ts'
import { addCosts } from '../tally.ts'
import { cardFrontMatter } from './card-front-matter.ts'
import type { ReleaseManifest } from './release-manifest.ts'

/** Everything that a card tells. */
export type CardFacts = {
  readonly release: ReleaseManifest
  readonly recipe: Recipe
  readonly curation: {
    readonly counts: Counts
    readonly cost: Cost
    readonly summary: CurationSummary
  }
  /** Counts of the assembly. */
  readonly assembly: Counts
  /** All replies of the run, whoever paid for them, at the recipe's prices: the same for every run that finds them. */
  readonly costs: { readonly sample: Cost; readonly reformat: Cost; readonly verify: Cost }
}

/** The card of a data set: what it is, how it was made, what was left out, and how to check it. */
export function datasetCard(facts: CardFacts): string {
  const { release } = facts
  return [
    cardFrontMatter(release),
    `# ${release.title}`,
    whatItIs(facts),
    section('Using it', usage(release)),
    section('How it was made', howMade(facts)),
    section('Mixture', mixture(facts)),
    section('Yield by source', yields(facts)),
    section('Curation', curation(facts)),
    section('Sources and licences', sources(release)),
    section('Cost', costs(facts)),
    section('Files', files(release)),
    section('Checking it', checking(release)),
    '',
  ].join('\n\n')
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`
}

function whatItIs({ release, recipe }: CardFacts): string {
  const { rows, rejected, overLength, tokens } = release
  const counted =
    `The rows hold ${count(tokens.total)} tokens of the student's own tokenizer, the longest ${count(tokens.longest)}; ` +
    `${count(overLength)} rows over ${count(tokens.cutoffLength)} tokens are in no training file, because cut off they would teach never to close an answer.`
  const scripted = [recipe.teacher, recipe.reformatter].some(
    ({ endpoint }) => endpoint === 'scripted',
  )
  return [
    recipe.description.trim(),
    `${count(rows)} training rows: a question, and an answer that thinks first and then solves, verified against ` +
      `ground truth or by running tests. Beside them are ${count(rejected)} rejected answers, with the verdict, its reason and the answer that was judged.`,
    counted,
    scripted
      ? '**The endpoint `scripted` is a program, not a model**: its answers show the pipeline, they are no model output.'
      : '',
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}

function usage({ rejected }: ReleaseManifest): string {
  return [
    '```python',
    'from datasets import load_dataset',
    '',
    'rows = load_dataset("THIS_REPOSITORY", split="train")',
    ...(rejected > 0
      ? ['rejected = load_dataset("THIS_REPOSITORY", "rejected", split="rejected")']
      : []),
    '```',
    '',
    'For LLaMA-Factory, download the repository and give its folder as `dataset_dir` and `sky-t1` as `dataset`: ' +
      '`dataset_info.json` says the rest. A row is `system` and `conversations` (ShareGPT: `from`, `value`), and the columns ' +
      'that lead back: `problemId`, `responseId`, `domain`, `category`, `source`, `sourceRevision`, `difficulty` (AoPS 1–10, or null), ' +
      '`tokens`, `tier` (which grader accepted it), `quota`, and the digests of the requests to teacher and reformatter (`request`, `reformatting`).',
  ].join('\n')
}

function howMade(facts: CardFacts): string {
  const { recipe, release } = facts
  const { teacher, reformatter, grading } = recipe
  const models = teacherModels(recipe).map((model) => `\`${model}\``)
  return [
    `1. **Sampled** from ${models.join(', ')} (endpoint \`${teacher.endpoint}\`), temperature ${teacher.temperature}, at most ${count(teacher.maxTokens)} tokens.`,
    `2. **Reformatted** by \`${reformatter.model}\` (endpoint \`${reformatter.endpoint}\`) into a thought and a solution between tags; ` +
      'checked for its tags, for the same final answer and for keeping the thought.',
    `3. **Verified** under the profile \`${grading.profile}\`: mathematics by symbolic equality, programs by running their tests in a sandbox.${judged(facts)}`,
    `4. **Chosen** by the quotas below, one answer a question, in an order drawn with seed ${release.recipe.seed}.`,
    '',
    `Recipe \`${release.recipe.name}\`, digest \`${release.recipe.digest}\`.`,
  ].join('\n')
}

/** What a judge had to say, where the recipe has one. */
function judged({ recipe, assembly }: CardFacts): string {
  const { judge } = recipe.grading
  if (judge === null) return ''
  const accepted = assembly['verdict/accepted/judge/equal'] ?? 0
  const refused = assembly['verdict/wrong/judge/different'] ?? 0
  return (
    ` Where the rules could not tell, \`${judge.model}\` (endpoint \`${judge.endpoint}\`) was asked: it ` +
    `accepted ${count(accepted)} answers and refused ${count(refused)}. Rows that rest on its word have the \`tier\` \`judge\`.`
  )
}

function mixture({ recipe, assembly }: CardFacts): string {
  const rows = recipe.mixture.map(({ name, rows: wanted, domains, sources: from, difficulty }) => [
    name,
    domains.join(', '),
    from.length === 0 ? 'all' : from.join(', '),
    difficulty === null ? 'any' : `${difficulty.min} to ${difficulty.max}`,
    count(wanted),
    count(assembly[`rows-of-quota/${name}`] ?? 0),
  ])
  const head = ['Quota', 'Domains', 'Sources', 'Difficulty', 'Rows asked', 'Rows chosen']
  return `A row counts in the first quota that it fits and that has room.\n\n${table(head, rows)}`
}

function yields({ release, recipe, assembly }: CardFacts): string {
  const kinds = ['problems', 'responses', 'traces', 'accepted', 'legacy-accepted', 'rows']
  const of = (source: string) => kinds.map((kind) => count(assembly[`${kind}/${source}`] ?? 0))
  const named = recipe.sources.map(({ id }) => id).filter((id) => assembly[`problems/${id}`])
  const head = [
    'Source',
    'Problems',
    'Responses',
    'Traces',
    'Accepted',
    'Published graders',
    'Rows',
  ]
  return [
    table(
      head,
      named.map((id) => [id, ...of(id)]),
    ),
    '',
    '_Traces_ are responses that came through the reformat. _Published graders_ is what the graders of the original ' +
      'pipeline would have accepted; it decides nothing here. Rows that were chosen and are over the cut-off ' +
      `(${count(release.overLength)}) are counted in _Rows_.`,
  ].join('\n')
}

function curation({ curation: { counts, summary }, recipe }: CardFacts): string {
  const { decontamination, deduplication } = recipe.curation
  const compared = Object.entries(summary.evaluationItems).map(
    ([set, items]) => `${set} (${count(items)} items)`,
  )
  const how = [
    decontamination === null
      ? 'Problems were **not** compared with evaluation sets other than the held-out ones of the recipe.'
      : `Problems that share ${decontamination.ngramWords} words in a row with an item of an evaluation set were dropped, ` +
        `and those with the same numbers from a similarity of ${decontamination.shortSimilarity}. Compared with: ${compared.join(', ') || 'no set'}.`,
    deduplication === null
      ? 'Exact repeats were dropped.'
      : 'Exact repeats were dropped, and near ones with the same numbers from an estimated similarity of ' +
        `${deduplication.similarity}.`,
    `${count(counts['problems'] ?? 0)} problems were kept.`,
  ]
  const drops = summary.drops.map(({ source, reason, against, count: dropped }) => {
    return [source, reason, against ?? '–', count(dropped)]
  })
  const head = ['Source', 'Dropped as', 'Against', 'Problems']
  return drops.length === 0
    ? `${how.join(' ')} None was dropped.`
    : `${how.join(' ')}\n\n${table(head, drops)}`
}

function sources(release: ReleaseManifest): string {
  const rows = release.sources.map(({ id, origin, revisions, licence, rows: chosen }) => [
    id,
    origin,
    revisions.map((revision) => `\`${revision}\``).join(', '),
    licence,
    count(chosen),
  ])
  return table(['Source', 'From', 'Revision', 'Licence', 'Rows'], rows)
}

function costs({
  curation: { cost: label },
  costs: { sample, reformat, verify },
}: CardFacts): string {
  const steps = [
    ...(label.requests > 0 ? [costRow('labelling difficulties', label)] : []),
    costRow('sampling', sample),
    costRow('reformatting', reformat),
    ...(verify.requests > 0 ? [costRow('judging answers', verify)] : []),
  ]
  const rows = [...steps, costRow('all', addCosts([label, sample, reformat, verify]))]
  return [
    'All replies of the run that the rows were chosen from, those set aside too, as the endpoints counted their tokens, at the prices of the recipe.',
    '',
    table(['Step', 'Replies', 'Prompt tokens', 'Completion tokens', 'Dollars'], rows),
  ].join('\n')
}

function costRow(name: string, { requests, promptTokens, completionTokens, ...cost }: Cost) {
  const tokens = [promptTokens, completionTokens].map(count)
  return [name, count(requests), ...tokens, dollars(cost.dollars)]
}

function files(release: ReleaseManifest): string {
  const rows = release.files.map(({ path, rows: held, bytes, sha256 }) => [
    path,
    held === null ? '–' : count(held),
    count(bytes),
    `\`${sha256}\``,
  ])
  return table(['Path', 'Rows', 'Bytes', 'SHA-256'], rows)
}

function checking({ recipe }: ReleaseManifest): string {
  return [
    'In the folder of the repository, `sha256sum -c SHA256SUMS` compares every file with its digest. `manifest.json` names them with their rows.',
    '',
    `The recipe (digest \`${recipe.digest}\`), its seed and the same replies give these files again, byte for byte; no time is written into them.`,
  ].join('\n')
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows]
    .map(
      (cells) =>
        `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`,
    )
    .join('\n')
}
