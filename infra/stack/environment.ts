import { wandbVariables } from '../../core/tracking/wandb-variables.ts'
import type { Installation } from '../setup/set-up.ts'
import type { Credentials } from './credentials.ts'

export type Environment = Readonly<Record<string, string>>

/** What a program needs to run at all, and to reach a registry through a company's proxy. */
const everyProcess = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'XDG_CACHE_HOME']
const network =
  /^(HTTPS?_PROXY|https?_proxy|NO_PROXY|no_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS)$/
/** The addresses, keys and limits of real endpoints: OPENAI_API_KEY, TEACHER_BASE_URL. */
const endpointSetting =
  /^[A-Z][A-Z0-9_]*_(API_KEY|BASE_URL|IDLE_SECONDS|REQUESTS_PER_MINUTE|TOKENS_PER_MINUTE|MAX_IN_FLIGHT)$/

/** Where data sets come from, and the token for gated ones. */
const hubSetting = /^HF_(ENDPOINT|TOKEN)$/

/** For a trainer that reports to Weights & Biases. */
const trackerSetting = new RegExp(`^(${wandbVariables.join('|')})$`)

/** What a worker may be told: SKY_T1_STREAM_IDLE_MS. The stack's own values win over these. */
const ownSetting = /^SKY_T1_/

/** For the servers of the stack and the sandbox worker: no key, no credential. */
export function plainEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return pick(from, (name) => everyProcess.includes(name))
}

/** For the main worker, which alone speaks to real endpoints and trackers: their settings, and our own. */
export function endpointEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return pick(from, (name) =>
    [network, endpointSetting, hubSetting, trackerSetting, ownSetting].some((each) =>
      each.test(name),
    ),
  )
}

/** Which variable names which component's path, to programs and to tests alike. */
const installationVariables = {
  temporal: 'SKY_T1_TEMPORAL',
  versitygw: 'SKY_T1_VERSITYGW',
  bwrap: 'SKY_T1_BWRAP',
  trainerPython: 'SKY_T1_TRAINER_PYTHON',
  graderPython: 'SKY_T1_GRADER_PYTHON',
  sandboxPython: 'SKY_T1_SANDBOX_PYTHON',
  trackersPython: 'SKY_T1_TRACKERS_PYTHON',
  statisticsPython: 'SKY_T1_STATISTICS_PYTHON',
  chromium: 'SKY_T1_CHROMIUM',
} as const

/** The installed components as environment variables. */
export function installationEnvironment(installation: Partial<Installation>): Environment {
  const paths: { readonly [component: string]: string | undefined } = installation
  const named = Object.entries(installationVariables).map(
    ([component, variable]) => [variable, paths[component]] as const,
  )
  return definedOnly(named)
}

/** What opens the object store: for the main worker and for clients, never for the sandbox. */
export function storeEnvironment(endpoint: string, bucket: string, made: Credentials): Environment {
  return {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: made.accessKeyId,
    AWS_SECRET_ACCESS_KEY: made.secretAccessKey,
  }
}

function pick(from: NodeJS.ProcessEnv, wanted: (name: string) => boolean): Environment {
  return definedOnly(Object.entries(from).filter(([name]) => wanted(name)))
}

function definedOnly(entries: readonly (readonly [string, string | undefined])[]): Environment {
  const defined = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return Object.fromEntries(defined)
}
