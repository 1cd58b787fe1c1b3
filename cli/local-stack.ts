import { optionalComponents, stackComponents } from '../infra/setup/components.ts'
import { progressLine, type ReportProgress } from '../infra/setup/progress.ts'
import { setUp, setUpWhatCanBe } from '../infra/setup/set-up.ts'
import type { Stack } from '../infra/stack/stack.ts'
import { startStack } from '../infra/stack/start-stack.ts'
import { stateDirectory } from './deployment.ts'
import { listenForInterruption } from './interruption.ts'

/**
 * Installs what is missing and brings the local stack up, or joins the one that is, for as long as
 * the work takes. Says so as it goes. An interruption at any moment ends what was brought up.
 * @throws {InterruptedError} it came while the stack was brought up
 */
export async function withLocalStack<Result>(
  data: string | undefined,
  work: (stack: Stack, interrupted: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const progress: ReportProgress = (each) => say(progressLine(each))
  const installation = await setUp({ components: stackComponents, progress })
  await setUpWhatCanBe({ components: optionalComponents, progress })
  say('starting the local stack')
  const interrupted = listenForInterruption()
  const stack = await startStack({
    installation,
    stateDir: stateDirectory,
    report: say,
    interrupted,
    ...(data === undefined ? {} : { data }),
  })
  try {
    if (data !== undefined && stack.addresses.endpoints['replay'] === undefined) {
      say(`the stack that is up was started without a data folder: stop it to replay ${data}`)
    }
    say(`the stack is up; Temporal UI: ${stack.uiUrl}`)
    return await work(stack, interrupted)
  } finally {
    if (stack.ownerPid === process.pid) say('stopping the local stack')
    await stack.stop()
  }
}

function say(line: string): void {
  console.error(line)
}
