/** Measures in [0, 1] with three decimals and no leading zero, as the field prints them: `.179`, `1.000`. */
export function formatMeasure(value: number): string {
  const text = value.toFixed(3)
  return text.replace(/^(-?)0\./, '$1.')
}

/** The same with a sign, for differences: `+.046`, `−.013`. */
export function formatDelta(value: number): string {
  const text = formatMeasure(Math.abs(value))
  return Number(value.toFixed(3)) < 0 ? `−${text}` : `+${text}`
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** `48 s`, `3 min 20 s`, `1 h 5 min` */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`
}

/** p with as many digits as the number of resamples carries. */
export function formatP(p: number): string {
  return p < 0.001 ? 'p < .001' : `p = ${formatMeasure(p)}`
}
