import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most tests wait for servers and processes: two files at a time take two thirds of the time.
    maxWorkers: 2,
    // Generous: a busy machine may take several times what an idle one takes, and no test is of speed.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
})
