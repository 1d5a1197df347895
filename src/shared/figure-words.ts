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

/** Two digits that count: `145 ms`, `12 ms`, `3.1 ms`, `.56 ms`. */
export function milliseconds(value: number): string {
  const shown = value >= 10 ? String(Math.round(value)) : value.toPrecision(2)
  return `${shown.replace(/^0\./, '.')} ms`
}
