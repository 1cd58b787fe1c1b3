import { InvalidInputError } from './invalid-input.ts'

/**
 * Lays overrides over a recipe document: objects merge, everything else (lists too) is replaced.
 * An object over a list changes the members that it names, as in `{"mixture":{"math":{"rows":9}}}`.
 * What the recipe has not yet, or leaves out (`null`), is added; its schema tells whether that is a field.
 */
export function overlay(base: unknown, overrides: unknown, path = 'overrides'): unknown {
  if (!isPlain(overrides) || base === undefined || base === null) return overrides
  if (Array.isArray(base)) return overlayMembers(base, overrides, path)
  if (!isPlain(base)) {
    throw new InvalidInputError(`field ${path}: the recipe has no such section; correct its name`)
  }
  const changed = Object.entries(overrides).map(([name, value]) => {
    const before = Object.hasOwn(base, name) ? base[name] : undefined
    return [name, overlay(before, value, `${path}.${name}`)]
  })
  return Object.fromEntries([...Object.entries(base), ...changed])
}

function overlayMembers(
  list: readonly unknown[],
  overrides: Readonly<Record<string, unknown>>,
  path: string,
): unknown[] {
  for (const name of Object.keys(overrides)) {
    if (list.some((member) => nameOf(member) === name)) continue
    const names = list.flatMap((member) => nameOf(member) ?? []).join(', ')
    throw new InvalidInputError(
      `field ${path}.${name}: the recipe has none of that name; there are ${names}`,
    )
  }
  return list.map((member) => {
    const name = nameOf(member)
    const change = name === undefined ? undefined : overrides[name]
    return change === undefined ? member : overlay(member, change, `${path}.${name}`)
  })
}

/** What a member of a list is called: sources have ids, quotas and benchmarks names. */
function nameOf(member: unknown): string | undefined {
  if (!isPlain(member)) return undefined
  const name = member['name'] ?? member['id']
  return typeof name === 'string' ? name : undefined
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
