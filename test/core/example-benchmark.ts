import type { Benchmark } from '../../core/benchmarks/benchmark.ts'

/** The problems that a recipe holds out, asked once each. */
export const exampleBenchmark: Benchmark = {
  name: 'held-out',
  title: 'Held-out problems',
  problems: 'held-out',
  asking: {
    samples: 1,
    temperature: 0,
    topP: 1,
    maxTokens: 128,
    stop: [],
    system: null,
    prompt: '{problem}',
  },
  models: {},
  published: [],
}
