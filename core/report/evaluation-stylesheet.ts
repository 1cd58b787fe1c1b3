import { stylesheet } from './stylesheet.ts'

/** The style sheet of an evaluation's report: the report's own, and what only an evaluation shows. */
export const evaluationStylesheet = `${stylesheet}
:root { --series-0: #1a5a96; --series-1: #a8560f; --series-2: #1b6a43; --series-3: #96307a; --series-4: #5a5f66; --series-5: #00707f; }
@media screen and (prefers-color-scheme: dark) {
  :root { --series-0: #86b7ea; --series-1: #e5a263; --series-2: #7cc79e; --series-3: #e394c9; --series-4: #b4b8bf; --series-5: #5fc2d1; }
}
.series-0 { --series: var(--series-0); }
.series-1 { --series: var(--series-1); }
.series-2 { --series: var(--series-2); }
.series-3 { --series: var(--series-3); }
.series-4 { --series: var(--series-4); }
.series-5 { --series: var(--series-5); }
[class^='series-'] .span, [class^='series-'] .joint, [class^='series-'] .whisker { stroke: var(--series); }
[class^='series-'] path { fill: var(--series); stroke: var(--paper); stroke-width: 1; }
.hollow path { fill: var(--paper); stroke: var(--series); stroke-width: 2; }
.published .span { stroke: var(--void); stroke-width: 2; }
.published path { fill: var(--paper); stroke: var(--muted); stroke-width: 2; }
.joint { stroke-width: 1.5; }
.whisker { stroke-width: 1.5; }
.flag { fill: none; stroke: var(--bad); stroke-width: 2; }
.zero { stroke: var(--muted); stroke-width: 1; }
.chart text.note { font-size: .75rem; fill: var(--muted); }
.bar-accepted { fill: var(--good); }
.bar-wrong { fill: var(--bad); }
.bar-undecided { fill: var(--unsure); }

time, .whole { white-space: nowrap; }
.standing { font-weight: 600; }
.within { color: var(--good); }
.below { color: var(--bad); }
.above { color: var(--accent); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 2.5rem; }
.pair > * { min-width: 0; }
.alerts { margin-top: .75rem; padding: 0; list-style: none; font-size: .9375rem; }
.alerts li { padding: .375rem 0; border-bottom: 1px solid var(--rule); }
.drop { color: var(--bad); }
.rise { color: var(--good); }
.legend li, .alerts li, .pages li, .tags { min-width: 0; overflow-wrap: anywhere; }
p + .legend { margin-top: .5rem; }
details.fold { margin-top: 1rem; border-top: 1px solid var(--rule); }
details.fold > summary { font-weight: 600; font-size: .9375rem; }
details.fold > .table { margin-top: .5rem; }
.pages { display: flex; flex-wrap: wrap; align-items: baseline; gap: .375rem 1rem; padding: 0; margin-top: .75rem; list-style: none; font-size: .9375rem; }
.pages a, .rows a { display: inline-block; padding: .125rem 0; }

[hidden] { display: none !important; }
.choose { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: end; margin-top: 1.5rem; padding: .75rem 1rem; background: var(--wash); border-radius: 4px; }
.choose label { display: grid; grid-template-columns: minmax(0, auto); gap: .125rem; font-size: .8125rem; color: var(--muted); min-width: 0; }
.choose select { font: .9375rem/1.4 var(--sans); color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 4px; padding: .25rem .5rem; max-width: 100%; }
.choose output { font-size: .875rem; font-variant-numeric: tabular-nums; padding-bottom: .3125rem; }
.rows { list-style: none; padding: 0; margin-top: 1rem; border-top: 1px solid var(--rule); }
.rows .tags { display: block; }
.rows > li { padding: .5rem 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem 2rem; margin-top: 1rem; }
.side { min-width: 0; }
.who { margin: 0 0 .5rem; font-size: 1rem; color: var(--ink); overflow-wrap: anywhere; }
.side details:first-of-type { border-top: 1px solid var(--rule); }
.omitted { padding: .375rem 1rem; font-size: .8125rem; color: var(--muted); }
.count-line { margin-top: .5rem; font-size: .875rem; color: var(--muted); }
@media print {
  .choose { display: none; }
  .chart:not(.lined) { padding-inline: 7px; }
  details.fold::details-content { content-visibility: visible; }
  .sides { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
`
