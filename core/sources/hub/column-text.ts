/** A column's text without the white space around it; numbers as they are written; undefined where empty. */
export function columnText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}
