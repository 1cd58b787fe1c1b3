import { execFile } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { filesIn, removeModel, uploadModel } from '../activities/model-objects.ts'
import { S3ObjectStore } from '../adapters/s3-object-store.ts'
import { openObjectServer } from './object-server.ts'

// Bytes a second of our upload of a checkpoint (SHA-256 of every file, CRC32 of every part, manifest)
// beside plain parallel uploads of the same directory to the same server, in turns.

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2' },
    /** Size of each large file. */
    mib: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '3' },
    /** The program, where it is to be measured too. */
    s5cmd: { type: 'string' },
  },
})
/** Of the fastest reference's bytes a second. */
const leastShare = 0.5
const MiB = 1024 * 1024
const small = { 'config.json': 2_000, 'tokenizer.json': 7_000_000, 'rng_state_0.pth': 15_000 }

type Contender = { readonly name: string; upload(prefix: string): Promise<unknown> }

await using server = await openObjectServer()
Object.assign(process.env, server.environment)
const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, AWS_REGION: region } = server.environment
const store = new S3ObjectStore({ bucket, region, endpoint })
const directory = await mkdtemp(join(tmpdir(), 'sky-t1-checkpoint-'))
try {
  const files = await makeCheckpoint()
  const contenders = [
    ours(files),
    libStorage(files),
    ...(values.s5cmd ? [s5cmd(values.s5cmd)] : []),
  ]
  const seconds = await measure(contenders)
  report(contenders, seconds)
} finally {
  await rm(directory, { recursive: true })
}

/** Files of random bytes, the large ones where DeepSpeed puts its shards; their names. */
async function makeCheckpoint(): Promise<string[]> {
  const shards = Array.from({ length: Number(values.files) }, (_, rank) => {
    return [
      `global_step100/zero_pp_rank_${rank}_optim_states.pt`,
      Number(values.mib) * MiB,
    ] as const
  })
  for (const [name, bytes] of [...Object.entries(small), ...shards]) {
    const path = join(directory, name)
    await mkdir(dirname(path), { recursive: true })
    await using file = await open(path, 'w')
    for (let at = 0; at < bytes; at += 16 * MiB) {
      await file.write(randomFillSync(Buffer.alloc(Math.min(16 * MiB, bytes - at))))
    }
  }
  return filesIn(directory)
}

function ours(files: readonly string[]): Contender {
  return {
    name: 'ours, SHA-256 and CRC32',
    upload: (prefix) => uploadModel(store, prefix, { directory, files, globalStep: 100 }),
  }
}

/** The SDK's own upload in parts; it digests each part, and nothing as a whole. */
function libStorage(files: readonly string[]): Contender {
  const client = new S3Client({ region, endpoint, forcePathStyle: true })
  const upload = (prefix: string, name: string) =>
    new Upload({
      client,
      params: {
        Bucket: bucket,
        Key: `${prefix}/${name}`,
        Body: createReadStream(join(directory, name), { highWaterMark: MiB }),
      },
      partSize: 64 * MiB,
      queueSize: 16,
    }).done()
  return {
    name: '@aws-sdk/lib-storage, 64 MiB, 16 at once',
    upload: (prefix) => Promise.all(files.map((name) => upload(prefix, name))),
  }
}

function s5cmd(program: string): Contender {
  const copy = ['cp', '--concurrency', '16', '--part-size', '64', `${directory}/`]
  return {
    name: 's5cmd, 64 MiB, 16 at once',
    upload: (prefix) =>
      promisify(execFile)(program, [
        '--endpoint-url',
        endpoint,
        ...copy,
        `s3://${bucket}/${prefix}/`,
      ]),
  }
}

/** Seconds of each contender over all rounds; each round begins with another. */
async function measure(contenders: readonly Contender[]): Promise<Map<Contender, number>> {
  const seconds = new Map<Contender, number>()
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length]
      if (contender === undefined) continue
      const prefix = `round-${round}/turn-${turn}`
      const began = performance.now()
      await contender.upload(prefix)
      const took = (performance.now() - began) / 1000
      seconds.set(contender, (seconds.get(contender) ?? 0) + took)
      await removeModel(store, prefix)
    }
  }
  return seconds
}

function report(contenders: readonly Contender[], seconds: ReadonlyMap<Contender, number>): void {
  const each = Number(values.files) * Number(values.mib) * Number(values.rounds)
  const rates = contenders.map((contender) => each / (seconds.get(contender) ?? Number.NaN))
  const [own = Number.NaN, ...references] = rates
  console.log(`${values.files} files of ${values.mib} MiB, ${availableParallelism()} processors`)
  contenders.forEach(({ name }, at) => {
    const rate = rates[at] ?? Number.NaN
    console.log(`${name}: ${rate.toFixed(0)} MiB/s, ours is ${(own / rate).toFixed(2)} of it`)
  })
  const peakMiB = process.resourceUsage().maxRSS / 1024
  console.log(`peak memory of this process, all but s5cmd: ${peakMiB.toFixed(0)} MiB`)
  if (!(own >= leastShare * Math.max(...references))) process.exitCode = 1
}
