import { figure } from '../../../shared/figure-words'

/** `.836 [.821, .850]`; nothing where there is none. */
export function formatInterval(
  interval: { readonly value: number; readonly low: number; readonly high: number } | undefined,
): string {
  if (!interval) return ''
  return `${figure(interval.value)} [${figure(interval.low)}, ${figure(interval.high)}]`
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
