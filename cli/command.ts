/** What a user typed cannot be carried out; the message is one line that ends with the mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The one argument of a command that is no option. Throws UsageError where it is missing, or others follow it. */
export function soleArgument(positionals: readonly string[], missing: string): string {
  const [argument, ...others] = positionals
  if (argument === undefined) throw new UsageError(missing)
  if (others.length > 0) throw new UsageError(`one at a time: leave out ${others.join(' ')}`)
  return argument
}

/** One command of `sky-t1`: its arguments, in words, and what it does. Gives the exit code. */
export type Command = {
  readonly usage: string
  readonly purpose: string
  /** What its help says beyond that. */
  readonly details?: string
  /** Commands within it, by their names. */
  readonly commands?: ReadonlyMap<string, Command>
  run(args: readonly string[]): Promise<number>
}
