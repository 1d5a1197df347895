/** The whole style of a report: the window's colours, in both themes, and a plain print. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c1d21, #e6e7ea); --quiet: light-dark(#5f626b, #a9adb7);
  --page: light-dark(#ffffff, #17181c); --raised: light-dark(#f6f7f9, #1f2126); --line: light-dark(#dcdee3, #34363d);
  --main: light-dark(#0072b2, #56a8dd); --row: light-dark(#8b8f99, #7d818b); --lost: light-dark(#d55e00, #e07a2c);
  --level: light-dark(#dcdee3, #43464f); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: .95rem; margin: 1.5rem 0 .4rem; }
header, section { padding-block-end: 1.75rem; margin-block-end: 1.75rem; border-block-end: 1px solid var(--line); }
section:last-of-type { border: 0; }
a { color: var(--main); text-underline-offset: .15em; }
.quiet { color: var(--quiet); font-size: .87rem; max-width: 46rem; }
.words, .limits { max-width: 46rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, auto)); gap: .6rem 2rem; margin: 0; }
dt { color: var(--quiet); font-size: .8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; list-style: none; margin: 0 0 1.75rem; padding: 0; }
ul { margin-block: .4rem; padding-inline-start: 1.2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .87rem; margin-block: .5rem 1rem; max-width: 100%; }
caption { text-align: start; color: var(--quiet); padding-block-end: .3rem; }
th, td { text-align: start; vertical-align: baseline; font-weight: normal; padding: .28rem .9rem .28rem 0; border-block-end: 1px solid var(--line); overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-inline-end: 0; }
thead th { color: var(--quiet); vertical-align: bottom; line-height: 1.3; overflow-wrap: normal; }
.whole { white-space: nowrap; } .number { text-align: end; } td.number { white-space: nowrap; }
tbody tr:hover { background: var(--raised); }
sup { display: inline-block; min-width: 1.2em; text-align: start; color: var(--quiet); font-size: .75em; line-height: 0; margin-inline-start: .15em; }
details { margin-block: .75rem; border: 1px solid var(--line); border-radius: 6px; padding: .5rem .9rem; }
summary { cursor: pointer; }
details[open] > summary { margin-block-end: .5rem; }
.error, .warning { color: var(--lost); font-weight: 600; } .note { color: var(--quiet); }
svg { display: block; width: 100%; max-width: 760px; height: auto; margin-block: .5rem; font-size: 12px; font-variant-numeric: tabular-nums; }
svg text { fill: var(--ink); } svg .tick { fill: var(--quiet); font-size: 11px; }
.grid { stroke: var(--line); } .zero { stroke: var(--quiet); }
.interval { stroke-width: 2; } .row .interval { stroke: var(--row); } .main .interval { stroke: var(--main); }
.row circle { fill: var(--row); } .main circle { fill: var(--main); } .main text { font-weight: 600; }
.wins { fill: var(--main); } .losses { fill: var(--lost); } .ties { fill: var(--level); }
svg .on-wins, svg .on-losses { fill: light-dark(#ffffff, #101114); }
code { font-size: .92em; overflow-wrap: anywhere; }
@media print { main { max-width: none; padding: 0; } svg, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`
