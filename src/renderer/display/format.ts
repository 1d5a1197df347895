/** Measures as papers print them: three decimals, no leading zero (`.173`). */
export function score(value: number, digits = 3): string {
  return value
    .toFixed(digits)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−')
}

/** A difference with its sign (`+.041`). */
export function signed(value: number, digits = 3): string {
  const shown = score(value, digits)
  // What rounds to nothing has no sign.
  if (Number(value.toFixed(digits)) === 0) return shown.replace('−', '')
  return value > 0 ? `+${shown}` : shown
}

export function pValue(p: number): string {
  return p < 0.001 ? '< .001' : score(p)
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600)
    return whole % 60 && whole < 600
      ? `${Math.floor(whole / 60)} min ${whole % 60} s`
      : `${Math.round(whole / 60)} min`
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`
}

/** Units a second, without false precision: `1,240`, `38`, `2.4`. */
export function rate(value: number): string {
  return value >= 10 ? count(value) : value.toFixed(1)
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let size = value
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`
}

// Made once: a formatter costs a thousand times what it says.
const MINUTE = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
const thisYear = new Intl.DateTimeFormat('en-GB', MINUTE)
const otherYear = new Intl.DateTimeFormat('en-GB', { ...MINUTE, year: 'numeric' })

/** `14 Mar, 09:12`; with the year when it is another one. */
export function dateTime(iso: string, now = new Date()): string {
  const date = new Date(iso)
  return (date.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(date)
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

/** `1 task`, `82 tasks`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}
