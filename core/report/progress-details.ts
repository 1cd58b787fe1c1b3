import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Counts } from '../manifest.ts'
import type { Ledger } from '../money/ledger.ts'
import type { RunStatus, StageStatus } from '../run-status.ts'
import { addCosts } from '../tally.ts'
import { count, dollars, duration, instant } from './figures.ts'
import { ledgerSentence } from './ledger-sentence.ts'
import { trainingLine } from './training-details.ts'

/** Most bytes of current details: they travel with the workflow's metadata. */
const limit = 4000

/**
 * A run's status as Markdown, for the workflow's page in the Temporal UI (which draws neither
 * images nor HTML). Under 4 KB: where notes and counts would make it longer, they are left out.
 */
export function progressDetails(status: RunStatus): string {
  const whole = render(status, stageRow)
  return utf8ToBytes(whole).length <= limit ? whole : render(status, shortRow)
}

type Row = (stage: StageStatus) => readonly string[]

function render(status: RunStatus, row: Row): string {
  const { run, recipe, stages, training, headline, blocked, children, reportUri, ledger } = status
  const cost = addCosts(stages.map((stage) => stage.cost))
  return [
    `**${status.status}** · stage **${status.stage}** · run ${plain(run, 60)} · recipe ${plain(recipe, 60)}`,
    blocked &&
      `**Blocked in ${blocked.stage}**: ${plain(blocked.cause, 300)}\n\n**Next**: ${clip(blocked.next, 300)}`,
    headline && `**${plain(headline.sentence, 300)}**`,
    table(stages.map(row)),
    training && trainingLine(training),
    `${count(cost.requests)} requests · ${count(cost.promptTokens)} prompt and ${count(cost.completionTokens)} completion tokens · ${plain(dollars(cost.dollars), 40)} at the recipe's prices`,
    ledger && plain(moneyLine(stages, ledger), 300),
    childLinks(children),
    reportUri && `Report: ${reportLink(reportUri)}`,
  ]
    .filter((paragraph) => paragraph !== undefined && paragraph !== '')
    .join('\n\n')
}

function table(rows: ReadonlyArray<readonly string[]>): string {
  return [['Stage', 'State', 'Time', 'Counts'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function stageRow(stage: StageStatus): string[] {
  const note = stage.note === undefined ? [] : [plain(stage.note, 80)]
  return [stage.stage, stage.state, time(stage), [...topCounts(stage.counts), ...note].join(', ')]
}

function shortRow(stage: StageStatus): string[] {
  return [stage.stage, stage.state, time(stage), '']
}

function time({ startedAt, finishedAt }: StageStatus): string {
  if (startedAt === undefined) return '–'
  return finishedAt === undefined
    ? `since ${instant(startedAt).slice(11)}`
    : duration(startedAt, finishedAt)
}

/** The first counts of a stage; where a name has only a breakdown (`traces/SOURCE`), its sum. */
function topCounts(counts: Counts): string[] {
  const sums = new Map<string, number>()
  for (const [name, value] of Object.entries(counts)) {
    const top = name.split('/')[0] ?? name
    sums.set(top, counts[top] ?? (sums.get(top) ?? 0) + value)
  }
  return [...sums].slice(0, 5).map(([name, value]) => `${count(value)} ${plain(name, 30)}`)
}

/** The account is read when the distillation is over: before, only its budget is known. */
function moneyLine(stages: readonly StageStatus[], ledger: Ledger): string {
  if (ledger.paid.length > 0 || stages.some(isSampled)) return ledgerSentence(stages, ledger)
  return ledger.limitDollars === null ? '' : `budget ${dollars(ledger.limitDollars)}`
}

function isSampled({ stage, state }: StageStatus): boolean {
  return stage === 'sample' && (state === 'done' || state === 'reused')
}

/** Paths that stay in the Temporal UI; ids are percent-encoded, so nothing of them reads as Markdown. */
function childLinks(children: RunStatus['children']): string {
  const links = Object.entries(children).map(([name, path]) => `[${name}](${path})`)
  return links.length === 0 ? '' : `Workflows of this run: ${links.join(' · ')}`
}

function reportLink(uri: string): string {
  const clean = clip(uri, 200)
  return /^https?:\/\/[^\s<>]+$/.test(clean) ? `<${clean}>` : `\`${clean.replaceAll('`', '')}\``
}

/** Text of others on one line, with everything escaped that Markdown would read as its own. */
function plain(text: string, most: number): string {
  return clip(text, most).replaceAll(/[\\`*_~[\]<>|#!&$]/g, '\\$&')
}

function clip(text: string, most: number): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line
}
