import type { Accuracy, Estimate } from '../score.ts'

/** `0.6375` as `63.8%`. */
export function percent(share: number): string {
  return share.toLocaleString('en-US', { style: 'percent', ...oneDigit })
}

const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 }

/** The bounds of an interval: `57.5–69.6%`. */
export function interval({ low, high }: Pick<Accuracy, 'low' | 'high'>): string {
  return `${percent(low).replace('%', '')}–${percent(high)}`
}

/** An estimate with its interval: `63.8% (57.5–69.6%)`. */
export function withInterval(estimate: Estimate): string {
  return `${percent(estimate.value)} (${interval(estimate)})`
}

/** A share of a whole as a percentage; a dash where there is no whole. */
export function shareOf(part: number, whole: number): string {
  return whole === 0 ? '–' : percent(part / whole)
}

/** `12345` as `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** US dollars: cents from one dollar up, three significant digits below, so that a small cost is not 0. */
export function dollars(value: number): string {
  if (value >= 1) return `$${value.toLocaleString('en-US', cents)}`
  if (value === 0) return '$0'
  return value < 0.0001 ? '<$0.0001' : `$${Number(value.toPrecision(3))}`
}

const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 }

/** The time from one ISO instant to a later one: `42 s`, `3 min 20 s`, `19 h 5 min`. */
export function duration(startedAt: string, finishedAt: string): string {
  return span((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
}

/** Seconds as `42 s`, `3 min 20 s`, `19 h 5 min`. */
export function span(length: number): string {
  const seconds = Math.max(0, Math.round(length))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

/** An ISO instant as `2026-11-22 17:20:31 UTC`. */
export function instant(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Bytes in decimal units: `812 B`, `1.4 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3))
  const scaled = value / 1000 ** power
  return `${power === 0 ? scaled : scaled.toFixed(1)} ${units[power] ?? ''}`
}

/** A difference of two shares in percentage points: `+2.4`, `−0.8`. */
export function signedPoints(difference: number): string {
  const rounded = (100 * difference).toFixed(1)
  if (Number(rounded) === 0) return '0.0'
  return difference > 0 ? `+${rounded}` : rounded.replace('-', '−')
}

/** A p-value: `0.031`, `< 0.001`. */
export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}
