import type { Likeness } from './card-likeness'

/** σ(text·l_text + corpus·l_corpus + bias): how much of an expert a card of this likeness to its cards gets. */
export interface Gate {
  readonly text: number
  readonly corpus: number
  readonly bias: number
}

export interface GateExample {
  readonly likeness: Likeness
  /** Whether the expert is to serve such a card. */
  readonly serves: boolean
  readonly weight: number
}

const MOST_STEPS = 100
const SHORTEST = 1e-9
const CONVERGED = 1e-10
/** Keeps a Hessian of saturated gates positive definite. */
const TINY = 1e-12

export function openGate(gate: Gate, { text, corpus }: Likeness): number {
  return 1 / (1 + Math.exp(-(gate.text * text + gate.corpus * corpus + gate.bias)))
}

/**
 * Logistic regression (Cox 1958; Platt 1999) of two likenesses:
 *
 *   min Σ weight·log(1 + exp(∓(w·l + c))) + ridge/2·‖w‖²,  w ≥ 0
 *
 * Both classes weigh one half. The ridge leaves the constant alone; without it members that are told apart for certain would
 * make a step of the gate. A slope below 0 would open it for what is unlike: such a likeness is left out. Where neither tells
 * members from others, nothing says for whom to open, and the gate stays shut.
 */
export function fitGate(examples: readonly GateExample[], ridge: number): Gate {
  const total = (serves: boolean) =>
    examples.reduce((sum, example) => sum + (example.serves === serves ? example.weight : 0), 0)
  const [others, members] = [total(false), total(true)]
  const rows = examples.map(({ likeness: { text, corpus }, serves, weight }) => ({
    x: [1, text, corpus],
    y: serves ? 1 : 0,
    weight: (0.5 * weight) / (serves ? members : others),
  }))
  const fits = COLUMNS.map((columns) => ({ columns, ...minimise(rows, columns, ridge) }))
  const allowed = fits.filter(({ w }) => w.slice(1).every((slope) => slope > 0))
  if (allowed.length === 0) return { text: 0, corpus: 0, bias: SHUT }
  const best = allowed.reduce((a, b) => (b.loss < a.loss ? b : a))
  const slope = (column: number) => best.w[best.columns.indexOf(column)] ?? 0
  return { text: slope(1), corpus: slope(2), bias: best.w[0] }
}

/** The constant with both likenesses, or with one of them. */
const COLUMNS: readonly (readonly number[])[] = [
  [0, 1, 2],
  [0, 1],
  [0, 2],
]
/** σ of it is 1e-13. */
const SHUT = -30

interface Row {
  readonly x: readonly number[]
  readonly y: number
  readonly weight: number
}

/** Newton's method, halving steps that do not improve. @returns weights of the columns, and the loss */
function minimise(
  rows: readonly Row[],
  columns: readonly number[],
  ridge: number,
): { w: number[]; loss: number } {
  const penalty = columns.map((column) => (column === 0 ? 0 : ridge))
  const z = ({ x }: Row, w: readonly number[]) =>
    columns.reduce((sum, column, i) => sum + x[column] * w[i], 0)
  const lossOf = (w: readonly number[]) =>
    rows.reduce((sum, one) => sum + one.weight * softplus((1 - 2 * one.y) * z(one, w)), 0) +
    penalty.reduce((sum, p, i) => sum + 0.5 * p * w[i] ** 2, 0)
  let w = columns.map(() => 0)
  let loss = lossOf(w)
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = w.map((value, i) => penalty[i] * value)
    const hessian = penalty.map((p, i) => penalty.map((_, j) => (i === j ? p + TINY : 0)))
    for (const one of rows) {
      const p = 1 / (1 + Math.exp(-z(one, w)))
      columns.forEach((row, i) => {
        gradient[i] += one.weight * (p - one.y) * one.x[row]
        columns.forEach((column, j) => {
          hessian[i][j] += one.weight * p * (1 - p) * one.x[row] * one.x[column]
        })
      })
    }
    if (Math.hypot(...gradient) < CONVERGED) break
    const direction = solve(hessian, gradient)
    const moved = (length: number) => w.map((value, i) => value - length * direction[i])
    let length = 1
    while (length > SHORTEST && !(lossOf(moved(length)) < loss)) length /= 2
    if (length <= SHORTEST) break
    w = moved(length)
    loss = lossOf(w)
  }
  return { w, loss }
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
}

/** Gaussian elimination of a positive definite system, which needs no pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, i) => [...line, right[i]])
  rows.forEach((pivot, c) => {
    rows.forEach((line, r) => {
      if (r === c) return
      const factor = line[c] / pivot[c]
      for (let k = c; k < line.length; k++) line[k] -= factor * pivot[k]
    })
  })
  return rows.map((line, i) => line[line.length - 1] / line[i])
}
