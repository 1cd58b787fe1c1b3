import { join } from 'node:path'
import { wandbVariables } from '../core/tracking/wandb-variables.ts'
import type { Training } from '../core/training/training.ts'

/** By which network processes of several nodes speak to each other: settings of NCCL and gloo. */
const networkSetting = /^(NCCL_[A-Z0-9_]+|GLOO_SOCKET_IFNAME)$/

/** The whole environment of the trainer's programs: an allow-list, so that no credential can reach their logs. */
export function trainerEnvironment(): Record<string, string> {
  return {
    ...passed(['PATH', 'HOME', 'LANG', 'CUDA_VISIBLE_DEVICES', 'LD_LIBRARY_PATH', 'TMPDIR']),
    ...passed(Object.keys(process.env).filter((name) => networkSetting.test(name))),
    // Two threads on a loaded two-core machine train six times slower than one (measured).
    OMP_NUM_THREADS: '1',
    HF_HUB_OFFLINE: '1',
    TOKENIZERS_PARALLELISM: 'false',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  }
}

/** A job's cache of the tokenised data set is its own: another training must not rewrite it. */
export function jobEnvironment(directory: string): Record<string, string> {
  return { ...trainerEnvironment(), HF_HOME: join(directory, 'hugging-face') }
}

/** The way out of a network, by the names that its programs read. */
const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
])

/**
 * What the training itself gets beside that, only where it reports to a tracker: the tracker's
 * settings and key, and the way to it.
 */
export function trackerEnvironment({
  reportTo,
}: Pick<Training, 'reportTo'>): Record<string, string> {
  return reportTo === 'wandb' ? passed([...wandbVariables, ...proxyVariables]) : {}
}

/** What of it must stand in no log: the tracker's key, and the passwords in a proxy's address. */
export function trackerSecrets(): string[] {
  const given = trackerEnvironment({ reportTo: 'wandb' })
  const passwords = proxyVariables.flatMap((name) => {
    const value = given[name] ?? ''
    const [, password = ''] = /^(?:[a-z0-9]+:\/\/)?[^/:]*:(.*)@/i.exec(value) ?? []
    return [password, decoded(password)]
  })
  return [given['WANDB_API_KEY'] ?? '', ...passwords].filter((secret) => secret !== '')
}

/** A text without secrets. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password // a stray percent sign: it stands for itself
  }
}

function passed(names: readonly string[]): Record<string, string> {
  const own = names.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(own)
}
