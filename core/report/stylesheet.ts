/** The report's style sheet. Light and dark by the reader's setting, always light on paper. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --wash: #f4f2ec; --rule: #d9d5cb; --ink: #1b1d20; --muted: #595d64;
  --accent: #1a5a96; --accent-soft: #6294c6; --base: #6a6e75; --loss: #b9772f; --void: #918e87; --shade: #1b1d2033;
  --good: #1b6a43; --bad: #9c3626; --unsure: #775400;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Source Serif 4', 'Liberation Serif', Georgia, serif;
  --sans: -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', system-ui, sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --wash: #1d2024; --rule: #363a41; --ink: #e7e5e0; --muted: #a5a9b1;
    --accent: #86b7ea; --accent-soft: #44719f; --base: #a5a9b1; --loss: #b07c45; --void: #6a6f78; --shade: #000000b3;
    --good: #7cc79e; --bad: #f19684; --unsure: #dcbc66;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; font: 1rem/1.55 var(--sans); overflow-wrap: break-word; }
main { max-width: 66rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3rem) clamp(1rem, 4vw, 3rem) 4rem; }
h1, h2, h3, h4, p, dl, ul, figure { margin: 0; }
dd { margin: 0; }
h1, h2, .verdict { font-family: var(--serif); font-weight: 600; text-wrap: balance; }
h1 { font-size: clamp(1.5rem, 4vw, 2rem); line-height: 1.15; overflow-wrap: anywhere; }
h2 { font-size: 1.5rem; line-height: 1.2; margin-bottom: 1rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
h4 { font-size: .8125rem; color: var(--muted); margin: 1.25rem 0 .375rem; font-weight: 600; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font-family: var(--mono); font-size: .875em; overflow-wrap: anywhere; }
section { margin-top: 3rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
section > p, .about { max-width: 44rem; color: var(--muted); }
.table + p { margin-top: 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; white-space: nowrap; }

.eyebrow { font-size: .8125rem; color: var(--muted); overflow-wrap: anywhere; }
.notice { margin-top: .75rem; padding: .375rem .75rem; border-left: 3px solid var(--unsure); background: var(--wash); font-size: .9375rem; font-weight: 600; }
.verdict { margin-top: 1.25rem; max-width: 48rem; font-size: clamp(1.1875rem, 2.6vw, 1.5rem); line-height: 1.3; font-weight: 500; }
.before-after { display: grid; gap: 1.25rem; margin-top: 1.25rem; }
.before-after dl { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.before-after dt { font-size: .8125rem; color: var(--muted); }
.before-after strong { display: block; font: 500 clamp(2.25rem, 9vw, 3.5rem)/1.1 var(--serif); font-variant-numeric: tabular-nums lining-nums; letter-spacing: -.01em; }
.before-after .student strong { color: var(--accent); }
.before-after .base strong { color: var(--base); }
.before-after span { display: block; font-size: .8125rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem 1.5rem; margin: 1.75rem 0 1.25rem; padding: .75rem 0; border-block: 1px solid var(--rule); }
.facts dt { font-size: .8125rem; color: var(--muted); }
.facts dd { font-variant-numeric: tabular-nums; font-size: .9375rem; }
nav { margin-top: 2rem; }
nav ul, .legend, .terms ul { list-style: none; padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; font-size: .9375rem; }
@media (min-width: 56rem) {
  .before-after { grid-template-columns: minmax(24rem, 5fr) 6fr; align-items: center; gap: 2.5rem; }
}

.table { margin-top: 1.5rem; }
figcaption { font-size: .8125rem; color: var(--muted); margin-bottom: .25rem; }
.scroll {
  overflow-x: auto;
  background:
    linear-gradient(to right, var(--paper) 50%, transparent) left / 2rem 100% no-repeat local,
    linear-gradient(to left, var(--paper) 50%, transparent) right / 2rem 100% no-repeat local,
    linear-gradient(to left, var(--shade), transparent) right / .75rem 100% no-repeat scroll;
}
table { border-collapse: collapse; min-width: 100%; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums lining-nums; }
th, td { padding: .4375rem .75rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); overflow-wrap: normal; }
th { font-weight: 500; }
thead th { color: var(--muted); font-size: .8125rem; vertical-align: bottom; border-bottom-color: var(--muted); }
tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.figure { display: block; white-space: nowrap; }
.figure strong { font-weight: 600; font-size: 1rem; }
.aside { display: block; color: var(--muted); font-size: .8125rem; white-space: nowrap; }
.prose { min-width: 16rem; }
th:first-child { position: sticky; left: 0; background: var(--paper); padding-left: 0; min-width: 7.5rem; max-width: 12rem; overflow-wrap: anywhere; text-align: left; }
time, table code { white-space: nowrap; }

.chart { margin-top: .75rem; }
.chart.lined { padding-left: 2.75rem; }
.chart svg { display: block; overflow: visible; }
.chart text { font: .75rem var(--sans); fill: var(--muted); font-variant-numeric: tabular-nums; }
.chart text.row { font-size: .875rem; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.grid { stroke: var(--rule); stroke-width: 1; }
.mark { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 2 3; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.span { stroke-width: 4; stroke-linecap: round; }
.base .span { stroke: var(--base); }
.base circle { fill: var(--paper); stroke: var(--base); stroke-width: 2; }
.student .span { stroke: var(--accent); }
.student circle { fill: var(--accent); stroke: var(--paper); stroke-width: 1; }
.part-0 { fill: var(--accent); }
.part-1 { fill: var(--accent-soft); }
.part-2 { fill: var(--loss); }
.part-3 { fill: var(--void); }
.chart rect { stroke: var(--paper); stroke-width: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .8125rem; color: var(--muted); }
.legend svg { margin-right: .5rem; vertical-align: -.0625rem; overflow: visible; }

details { border-bottom: 1px solid var(--rule); }
details.group:first-of-type, details.item:first-of-type { margin-top: 1rem; border-top: 1px solid var(--rule); }
summary { padding: .625rem 0 .625rem 1.125rem; text-indent: -1.125rem; cursor: pointer; overflow-wrap: anywhere; }
summary > * { text-indent: 0; }
.gist { display: block; }
summary:hover { background: var(--wash); }
details.group > summary { font-weight: 600; }
details[open] { padding-bottom: 1.5rem; }
details.group > details.item { margin-left: 1rem; }
.count { font-weight: 400; color: var(--muted); margin-left: .5rem; font-variant-numeric: tabular-nums; }
.tags { font-size: .8125rem; color: var(--muted); }
.tags > span { margin-right: .625rem; }
.outcome { font-weight: 600; }
.accepted { color: var(--good); }
.wrong { color: var(--bad); }
.undecided { color: var(--unsure); }
.terms { margin-top: .5rem; font-size: .875rem; }
.terms > div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0 1rem; padding: .1875rem 0; }
.terms dt { color: var(--muted); }
.terms dd { overflow-wrap: anywhere; }
.kept { white-space: pre-wrap; }
.written { margin: 0; max-width: 54rem; max-height: 32rem; overflow: auto; padding: .75rem 1rem; background: var(--wash); border-radius: 4px; font: .8125rem/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 30rem) {
  table { font-size: .8125rem; }
  th, td { padding: .4375rem .5rem; }
  .terms > div { grid-template-columns: minmax(0, 1fr); padding: .3125rem 0; }
}

@page { margin: 16mm; }
@media print {
  html { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  section { margin-top: 1.5rem; }
  h2, h3, h4, figcaption, summary, .legend { break-after: avoid; }
  th:first-child { position: static; }
  .scroll { background: none; }
  tr, .chart, .before-after { break-inside: avoid; }
  .scroll, .written { overflow: visible; max-height: none; }
  .written { padding: 0; background: none; }
  th, td { padding: .25rem .375rem; max-width: none; }
  table { font-size: .75rem; }
  svg, .notice { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
