/** The whole style of a report: the window's colours, in both themes, and a plain print. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c1d21, #e6e7ea); --quiet: light-dark(#5f626b, #a9adb7);
  --page: light-dark(#ffffff, #17181c); --line: light-dark(#dcdee3, #34363d); --main: light-dark(#0072b2, #56a8dd);
  --row: light-dark(#8b8f99, #7d818b); --lost: light-dark(#d55e00, #e07a2c); --level: light-dark(#dcdee3, #43464f); }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .6rem; }
.quiet { color: var(--quiet); font-size: .87rem; }
.words { max-width: 46rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .87rem; }
caption { text-align: start; color: var(--quiet); padding-block-end: .3rem; }
th, td { text-align: start; font-weight: normal; padding: .22rem .9rem .22rem 0; border-block-end: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--quiet); }
.number { text-align: end; }
sup { color: var(--quiet); margin-inline-start: .1em; }
svg { display: block; width: 100%; max-width: 760px; height: auto; margin-block: .5rem; font-size: 12px; font-variant-numeric: tabular-nums; }
svg text { fill: var(--ink); } svg .tick { fill: var(--quiet); font-size: 11px; }
.grid { stroke: var(--line); } .zero { stroke: var(--quiet); }
.interval { stroke-width: 2; } .row .interval { stroke: var(--row); } .main .interval { stroke: var(--main); }
.row circle { fill: var(--row); } .main circle { fill: var(--main); } .main text { font-weight: 600; }
.wins { fill: var(--main); } .losses { fill: var(--lost); } .ties { fill: var(--level); }
svg .on-wins, svg .on-losses { fill: light-dark(#ffffff, #101114); }
code { font-size: .85em; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid; } }
`
