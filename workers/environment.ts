import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

/** Half a minute and more: the Hub's limits are by the minute, and the activity is retried after. */
const hubPatience = { retries: 5, firstWaitMs: 1000 } as const

/** What the deployment tells a worker or a client: where things are. Read once, here. */
export const Deployment = z
  .object({
    TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
    TEMPORAL_NAMESPACE: z.string().default('default'),
    TEMPORAL_UI_URL: z.string().optional(),
    S3_BUCKET: z.string().default('sky-t1'),
    S3_ENDPOINT: z.string().optional(),
    AWS_REGION: z.string().default('us-east-1'),
    SKY_T1_STATE_DIR: z.string().default('.sky-t1'),
    SKY_T1_DATA: z.string().optional(),
    SKY_T1_TRAINER_PYTHON: z.string().optional(),
    SKY_T1_GRADER_PYTHON: z.string().optional(),
    SKY_T1_SANDBOX_PYTHON: z.string().optional(),
    /** The container image that programs run in where there is no bubblewrap, by digest. */
    SKY_T1_SANDBOX_IMAGE: z.string().optional(),
    /** The program of vLLM, which serves a teacher on GPUs. */
    SKY_T1_VLLM: z.string().default('vllm'),
    /** The GPUs of this node that a worker may use, as CUDA names them. */
    CUDA_VISIBLE_DEVICES: z.string().optional(),
    /** `stop`: a stopping worker stops its trainer too; `leave`: it is left to the next worker. */
    SKY_T1_TRAINER_ON_SHUTDOWN: z.enum(['stop', 'leave']).default('leave'),
    /** At which other nodes reach the trainer of this one; an empty one is none. */
    SKY_T1_NODE_ADDRESS: z
      .string()
      .regex(/^(.+:\d+)?$/, 'no HOST:PORT; name the address of this node and a port that is free')
      .optional(),
    SKY_T1_METRICS_ADDRESS: z.string().optional(),
    /** The Hugging Face Hub, or a server that speaks its protocol. */
    HF_ENDPOINT: z
      .url()
      .default('https://huggingface.co')
      .transform((url) => url.replace(/\/+$/, '')),
    /** For gated and private repositories. An empty one is none. */
    HF_TOKEN: z.string().optional(),
    /** Seals what is stored of gated sets. The same for all workers; an empty one is none. */
    SKY_T1_SEALING_SECRET: z
      .string()
      .refine((secret) => secret === '' || secret.length >= 32, 'must have 32 characters or more')
      .optional(),
    /** Where a nightly drop is told: a webhook that takes Slack's JSON. Its address is a secret. */
    SKY_T1_ALERT_WEBHOOK: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })], 'must be a URL of http or https')
      .optional(),
    /** A folder of data sets and models that is read instead of the Hub. */
    SKY_T1_HUB_MIRROR: z.string().optional(),
    /** Where fetched files are kept; else in the cache of the user. */
    SKY_T1_HUB_CACHE: z.string().optional(),
    XDG_CACHE_HOME: z
      .string()
      .optional()
      .transform((given) => join(given || join(homedir(), '.cache'), 'sky-t1')),
  })
  .transform(({ XDG_CACHE_HOME: cache, ...env }) => ({
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE },
    uiUrl: env.TEMPORAL_UI_URL,
    s3: {
      bucket: env.S3_BUCKET,
      region: env.AWS_REGION,
      ...(env.S3_ENDPOINT === undefined ? {} : { endpoint: env.S3_ENDPOINT }),
    },
    stateDirectory: env.SKY_T1_STATE_DIR,
    /** Where proofs of the sandbox's isolation on this host are kept. */
    proofDirectory: join(cache, 'isolation'),
    dataDirectory: env.SKY_T1_DATA,
    python: {
      trainer: env.SKY_T1_TRAINER_PYTHON,
      grader: env.SKY_T1_GRADER_PYTHON,
      sandbox: env.SKY_T1_SANDBOX_PYTHON,
    },
    sandboxImage: env.SKY_T1_SANDBOX_IMAGE === '' ? undefined : env.SKY_T1_SANDBOX_IMAGE,
    vllm: env.SKY_T1_VLLM,
    visibleGpus: env.CUDA_VISIBLE_DEVICES,
    trainerOutlives: env.SKY_T1_TRAINER_ON_SHUTDOWN === 'leave',
    nodeAddress: env.SKY_T1_NODE_ADDRESS === '' ? undefined : env.SKY_T1_NODE_ADDRESS,
    metricsAddress: env.SKY_T1_METRICS_ADDRESS,
    sealingSecret: env.SKY_T1_SEALING_SECRET === '' ? undefined : env.SKY_T1_SEALING_SECRET,
    alertWebhook: env.SKY_T1_ALERT_WEBHOOK === '' ? undefined : env.SKY_T1_ALERT_WEBHOOK,
    hub: {
      endpoint: env.HF_ENDPOINT,
      token: env.HF_TOKEN === '' ? undefined : env.HF_TOKEN,
      mirror: env.SKY_T1_HUB_MIRROR,
      cacheDirectory: env.SKY_T1_HUB_CACHE ?? join(cache, 'hub'),
      patience: hubPatience,
    },
  }))
export type Deployment = z.infer<typeof Deployment>

/** The deployment that the environment describes. */
export function readDeployment(environment: NodeJS.ProcessEnv = process.env): Deployment {
  return Deployment.parse(environment)
}
