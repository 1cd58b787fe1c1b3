/**
 * What set-up can provide. The names are the keys of an {@link Installation}; `python` and `uv`
 * are there for the others' sake.
 */
export type ComponentName =
  | 'python'
  | 'uv'
  | 'temporal'
  | 'versitygw'
  | 'bwrap'
  | 'trainerPython'
  | 'graderPython'
  | 'sandboxPython'
  | 'trackersPython'
  | 'statisticsPython'
  | 'cpp'
  | 'chromium'

/** A component that is on this machine and works. */
export type Found = { readonly path: string; readonly version: string }

/** What a component may use while it looks for itself or installs itself. */
export interface Site {
  /** Where tools are kept between runs: absolute, and there. */
  readonly cache: string
  /** Another component, installed first if need be. */
  need(name: ComponentName): Promise<Found>
  /** Another component if it is there; nothing is installed. */
  peek(name: ComponentName): Promise<Found | undefined>
  /** Says what is being done, in a few words. */
  phase(text: string): void
}

/** A program or environment that the project needs on the machine, outside npm. */
export interface Component {
  readonly name: ComponentName
  /** What it is for, in a few words. */
  readonly purpose: string
  /** What a person can do where set-up cannot: a command, or a short sentence. */
  readonly mend: string
  /** Looks without changing anything. */
  find(site: Site): Promise<Found | undefined>
  /** Puts it on the machine; called under a lock, and only when {@link find} found nothing. */
  install(site: Site): Promise<Found>
}

/** A component is missing and set-up could not install it; the message ends with the mend. */
export class ComponentMissingError extends Error {
  override readonly name = 'ComponentMissingError'

  constructor(component: Component, options: { cause: unknown }) {
    const { cause } = options
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`${component.name} (${component.purpose}): ${reason}; mend: ${component.mend}`, options)
  }
}
