import type { IncomingMessage } from 'node:http'
import type { Repositories, RepoName } from './repositories.ts'
import type { Commit, Repository } from './repository.ts'
import { HubRefusal } from './reply.ts'

/** Who may do what. */
export type Access = {
  readonly repositories: Repositories
  /** The one token that is known; undefined: every token is good. */
  readonly token: string | undefined
  /** Names of data sets whose terms must have been accepted. */
  readonly gated: readonly string[]
  /** Names of gated data sets whose terms the token's owner has accepted. */
  readonly accepted: readonly string[]
}

/** The repository that a request may read. Throws HubRefusal as the Hub refuses. */
export async function readable(
  request: IncomingMessage,
  name: RepoName,
  access: Access,
): Promise<Repository> {
  const known = isKnown(request, access)
  const repository = await access.repositories.find(name)
  if (repository === undefined || (repository.isPrivate && !known)) {
    // Those who are not known are not told whether it is there.
    if (!known) throw new HubRefusal(401, 'Invalid username or password.', 'RepoNotFound')
    throw new HubRefusal(404, 'Repository not found', 'RepoNotFound')
  }
  return repository
}

/** Refuses the content of a gated repository to those who have not accepted its terms. */
export function checkGate(
  request: IncomingMessage,
  { kind, name }: RepoName,
  access: Access,
): void {
  if (!access.gated.includes(name)) return
  const restricted = `Access to ${kind} ${name} is restricted.`
  if (!isKnown(request, access)) throw new HubRefusal(401, restricted, 'GatedRepo')
  if (!access.accepted.includes(name)) throw new HubRefusal(403, restricted, 'GatedRepo')
}

/** Refuses those who may not write. */
export function checkWriter(request: IncomingMessage, access: Access): void {
  if (!isKnown(request, access)) throw new HubRefusal(401, 'Invalid username or password.')
}

/** The state that a commit or branch means. */
export function commitAt({ commits }: Repository, revision: string): Commit {
  const commit =
    revision === 'main' || revision === 'HEAD'
      ? commits.at(-1)
      : commits.find(({ id }) => id === revision)
  if (commit !== undefined) return commit
  throw new HubRefusal(404, `Invalid rev id: ${revision}`, 'RevisionNotFound')
}

/** True for a request with a good token; throws where it has a bad one, as the Hub does. */
function isKnown(request: IncomingMessage, { token }: Access): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined) return false
  if (token === undefined || given === token) return true
  throw new HubRefusal(401, 'Invalid credentials in Authorization header')
}
