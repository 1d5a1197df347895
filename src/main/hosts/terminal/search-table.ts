import { expertWords } from '../../../shared/expert-words'
import type { SearchAnswer, SearchHit } from '../../services/serving/ask-search'
import { pad, textWidth, truncate, wrap } from './fit-text'

const GAP = '   '
const NARROWEST = 30

/** Frozen on the left, conditioned on the right, each hit of the right one with its move since the left. */
export function searchTable(result: SearchAnswer, columns: number): string {
  const title = `“${result.query}” in ${result.dataset}`
  if (!result.conditioned) {
    const lines = result.frozen.map((hit) => row(`${place(hit)}  ${score(hit)}`, hit, columns))
    return [title, '', 'frozen', ...lines].join('\n')
  }
  const half = Math.max(NARROWEST, Math.floor((columns - GAP.length) / 2))
  const examples = result.examples === 0 ? 'no examples' : `${result.examples} examples`
  const card = `card: ${result.card ?? ''} (${examples})`
  const lines = [
    ...expertLines(result, columns),
    '',
    `${pad('frozen', half)}${GAP}${result.bm25 ? 'this card + BM25' : 'this card'}`,
  ]
  for (let i = 0; i < Math.max(result.frozen.length, result.conditioned.length); i++) {
    const left = result.frozen[i]
    const right = result.conditioned[i]
    const leftText = left ? row(`${place(left)}  ${score(left)}`, left, half) : ''
    const rightText = right
      ? row(`${place(right)}  ${pad(rankMove(right), 6)}  ${score(right)}`, right, half)
      : ''
    lines.push(`${pad(leftText, half)}${GAP}${rightText}`.trimEnd())
  }
  const handed = result.handedOut ? wrap(result.handedOut, columns) : []
  return [title, truncate(card, columns), ...handed, ...lines].join('\n')
}

/** Which experts make the head, and why; nothing for a run without. */
function expertLines({ experts }: SearchAnswer, columns: number): string[] {
  if (!experts) return []
  const { which, why, nearest } = expertWords(experts)
  return [`experts: ${which}`, `why: ${why}`, ...(nearest ? [`nearest trained card: ${nearest}`] : [])].map(
    (line) => truncate(line, columns),
  )
}

/** Places gained or lost against the frozen ranking of the whole corpus: `↑12`, `↓3`, `=`. @internal */
export function rankMove({ rank, frozenRank }: SearchHit): string {
  if (frozenRank === rank) return '='
  return frozenRank > rank ? `↑${frozenRank - rank}` : `↓${rank - frozenRank}`
}

function row(head: string, hit: SearchHit, columns: number): string {
  return `${head}  ${truncate(hit.text, Math.max(8, columns - textWidth(head) - 2))}`
}

function place({ rank }: SearchHit): string {
  return String(rank).padStart(2)
}

function score(hit: SearchHit): string {
  return hit.score.toFixed(3)
}
