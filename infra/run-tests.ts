import { parseCLI, type Reporter, startVitest } from 'vitest/node'
import { projectRoot } from './project-root.ts'
import { optionalComponents, stackComponents } from './setup/components.ts'
import { progressLine, type ReportProgress } from './setup/progress.ts'
import { setUp, setUpWhatCanBe } from './setup/set-up.ts'
import { installationEnvironment } from './stack/environment.ts'

// `npm test`: set-up of all that the tests need, then the tests, which find the paths in SKY_T1_*.

const progress: ReportProgress = (each) => console.error(progressLine(each))
const installation = await setUp({
  components: [...stackComponents, 'trackersPython', 'statisticsPython', 'chromium'],
  progress,
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
await setUpWhatCanBe({ components: optionalComponents, progress })
Object.assign(process.env, installationEnvironment(installation))

/** Ends the output with the counts in words that any reader of logs can find. */
const closingLine: Reporter = {
  onTestRunEnd(modules, unhandledErrors, reason) {
    const states = modules.flatMap(({ children }) =>
      [...children.allTests()].map((test) => test.result().state),
    )
    const count = (state: string) => states.filter((each) => each === state).length
    // A file that does not load, or a hook that fails, is a failure without a failed test.
    const outside = modules.flatMap((module) => module.errors()).length + unhandledErrors.length
    const failed = Math.max(count('failed') + outside, reason === 'failed' ? 1 : 0)
    console.log(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`)
  },
}

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest('test', filter, {
  ...options,
  root: projectRoot,
  watch: false,
  reporters: ['default', closingLine],
})
await vitest.close()
