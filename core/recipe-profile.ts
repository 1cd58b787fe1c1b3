import { overlay } from './recipe-overrides.ts'

/** Finds a training profile of the deployment by its name; throws InvalidInputError listing those there are. */
export type ProfileShelf = (name: string) => Promise<unknown>

/** A recipe document with student and training of the profile that it names; what the recipe says of them wins. */
export async function withProfile(document: unknown, profiles: ProfileShelf): Promise<unknown> {
  const named = profileOf(document)
  return named === undefined ? document : overlay(await profiles(named), document, 'recipe')
}

function profileOf(document: unknown): string | undefined {
  if (document === null || typeof document !== 'object' || !('profile' in document))
    return undefined
  return typeof document.profile === 'string' ? document.profile : undefined
}
