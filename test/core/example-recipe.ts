import type { Recipe } from '../../core/recipe.ts'
import { exampleBenchmark } from './example-benchmark.ts'
import { exampleTraining } from './training/example-training.ts'

/** A small recipe that every check lets through. */
export const exampleRecipe: Recipe = {
  name: 'example',
  description: 'A recipe of tests.',
  seed: 1,
  sources: [
    { kind: 'generated', id: 'sums', family: 'arithmetic', domain: 'math', train: 4, heldOut: 2 },
  ],
  evaluationSets: [],
  curation: { difficulty: null, decontamination: null, deduplication: null },
  teacher: {
    endpoint: 'scripted',
    model: 'scripted-teacher',
    temperature: 0.7,
    maxTokens: 1024,
    escalateTo: null,
    sampling: { mode: 'fixed', samples: 1 },
  },
  reformatter: {
    endpoint: 'scripted',
    model: 'scripted-reformatter',
    temperature: 0.7,
    maxTokens: 2048,
    attempts: 2,
    minimumKept: 0.9,
    batch: null,
  },
  grading: {
    profile: 'strict',
    limits: { cpuSeconds: 4, memoryMiB: 256, outputKiB: 256 },
    judge: null,
  },
  mixture: [{ name: 'math', rows: 2, domains: ['math'], sources: [], difficulty: null }],
  dataset: { title: 'Example', licence: 'apache-2.0', rowsPerFile: 2 },
  student: {
    kind: 'random-qwen2',
    vocabularySize: 300,
    hiddenSize: 8,
    layers: 1,
    heads: 2,
    keyValueHeads: 1,
    intermediateSize: 16,
    maxPositions: 128,
  },
  profile: null,
  training: exampleTraining,
  benchmarks: [exampleBenchmark],
  evaluationEngine: { engine: 'cpu', replicas: 1 },
  prices: {
    'scripted-teacher': { promptPerMillion: 1, completionPerMillion: 2 },
    'scripted-reformatter': { promptPerMillion: 3, completionPerMillion: 4 },
  },
  budgetDollars: null,
  failureBudget: { sourceRows: 0.5, replies: 0.02 },
  serving: null,
  sharding: { problemsPerShard: 2, shardsInFlight: 2, requestsInFlight: 4 },
}
