/** A measure as the field prints it, in sentences, tables and terminals: three decimals, no leading zero (`.173`, `1.000`). */
export function figure(value: number): string {
  return value.toFixed(3).replace(/^(-?)0\./, '$1.')
}

/** A difference with its sign (`+.041`, `−.013`); what rounds to nothing is `+.000`. */
export function signed(value: number): string {
  return `${Number(value.toFixed(3)) < 0 ? '−' : '+'}${figure(Math.abs(value))}`
}

/** `p < .001`, `p = .043` */
export function pWords(p: number): string {
  return p < 0.001 ? 'p < .001' : `p = ${figure(p)}`
}
