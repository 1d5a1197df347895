/** A measure in a sentence: three decimals, no leading zero (`.173`). */
function figure(value: number): string {
  return value.toFixed(3).replace(/^0/, '')
}

/** A difference in a sentence, with its sign (`+.041`, `−.013`). */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`
}

/** `p < .001`, `p = .043` */
export function pWords(p: number): string {
  return p < 0.001 ? 'p < .001' : `p = ${figure(p)}`
}
