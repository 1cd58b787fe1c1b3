import { digestOf } from '../core/digest.ts'
import { Manifest, type Cost, type Counts } from '../core/manifest.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { stageKey, type StageIdentity } from '../core/stage-key.ts'
import type { ShardResult, StageResult } from '../core/stage-result.ts'
import { findJson, writeJson } from './artifacts.ts'

/** What a stage's work gives, before it is sealed in a manifest. */
export type StageOutput = {
  readonly outputs: Readonly<Record<string, ObjectRef>>
  readonly counts: Counts
  readonly cost: Cost
}

/** A sealed stage and whether it stood before. */
export type SealedStage = { readonly manifest: Manifest; readonly reused: boolean }

/**
 * Does a stage's work unless its manifest stands already, whoever made it. The manifest is
 * written last: a crash before it means the work is done again, and finds what it stored.
 */
export async function sealOnce(
  store: ObjectStore,
  identity: StageIdentity,
  work: (key: string) => Promise<StageOutput>,
): Promise<SealedStage> {
  const key = stageKey(identity)
  const standing = await findManifest(store, identity.stage, key)
  if (standing !== undefined) return { manifest: standing, reused: true }
  const startedAt = new Date().toISOString()
  const output = await work(key)
  const manifest: Manifest = {
    stage: identity.stage,
    key,
    inputs: [...identity.inputs],
    configDigest: digestOf(identity.config),
    codeVersion: identity.codeVersion,
    ...output,
    startedAt,
    finishedAt: new Date().toISOString(),
  }
  await writeJson(store, manifestKey(identity.stage, key), manifest)
  return { manifest, reused: false }
}

/** The manifest of a stage, or undefined while it is not done. */
export async function findManifest(
  store: ObjectStore,
  stage: Manifest['stage'],
  key: string,
): Promise<Manifest | undefined> {
  return findJson(store, manifestKey(stage, key), Manifest)
}

/** The manifest of a stage that must be done. */
export async function readManifest(
  store: ObjectStore,
  stage: Manifest['stage'],
  key: string,
): Promise<Manifest> {
  const manifest = await findManifest(store, stage, key)
  if (manifest !== undefined) return manifest
  throw new Error(`stage ${stage} has no manifest under ${key}; retry the stage before this one`)
}

/** The output of a stage under a name. */
export function outputOf(manifest: Manifest, name: string): ObjectRef {
  const ref = manifest.outputs[name]
  if (ref !== undefined) return ref
  throw new Error(`stage ${manifest.stage} under ${manifest.key} has no output ${name}`)
}

/** Where the objects of a stage stand. */
export function stagePrefix(stage: Manifest['stage'], key: string): string {
  return `stages/${stage}/${key}`
}

/** What a workflow is told of a sealed stage. */
export function stageResult({ manifest, reused }: SealedStage): StageResult {
  const { key, outputs, counts, cost } = manifest
  return { key, digest: outputsDigest(outputs), counts, cost, reused }
}

/** What a workflow is told of a sealed shard. */
export function shardResult({ manifest, reused }: SealedStage): ShardResult {
  const { outputs, counts, cost } = manifest
  return { outputs, counts, cost, reused }
}

/** Digest over the digests of outputs, by name: equal content, equal digest, wherever it stands. */
export function outputsDigest(outputs: Readonly<Record<string, ObjectRef>>): string {
  return digestOf(
    Object.fromEntries(Object.entries(outputs).map(([name, { sha256 }]) => [name, sha256])),
  )
}

function manifestKey(stage: Manifest['stage'], key: string): string {
  return `${stagePrefix(stage, key)}/manifest.json`
}
