import { InvalidInputError } from '../core/invalid-input.ts'
import { type Command, UsageError } from './command.ts'
import { doctor } from './doctor.ts'
import { publish } from './publish.ts'
import { watchOutputs } from './closed-output.ts'
import { compare } from './compare.ts'
import { estimate } from './estimate.ts'
import { evaluate } from './evaluate.ts'
import { grade } from './grade.ts'
import { InterruptedError, interruptedCode } from './interruption.ts'
import { report } from './report.ts'
import { schedule } from './schedule.ts'
import { stack } from './stack.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { trace } from './trace.ts'
import { train } from './train.ts'
import { watch } from './watch.ts'

const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    start,
    estimate,
    watch,
    status,
    report,
    publish,
    trace,
    train,
    evaluate,
    compare,
    grade,
    schedule,
    stack,
    doctor,
  }),
)

/** Exit code for what was typed wrong. */
const usageCode = 2

/** `sky-t1 COMMAND …`: finds the command, runs it, and turns what goes wrong into one line. */
async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || isHelp(name)) {
    console.log(help())
    return 0
  }
  const outer = commands.get(name)
  if (outer === undefined) {
    console.error(`sky-t1: no command ${name}; there are ${[...commands.keys()].join(', ')}`)
    return usageCode
  }
  const inner = outer.commands?.get(args[0] ?? '')
  const command = inner ?? outer
  const rest = inner === undefined ? args : args.slice(1)
  if (rest.some(isHelp)) {
    console.log(helpOf(command))
    return 0
  }
  try {
    return await command.run(rest)
  } catch (error) {
    const typed = inner === undefined ? name : `${name} ${args[0]}`
    console.error(`sky-t1 ${typed}: ${error instanceof Error ? error.message : String(error)}`)
    return codeOf(error)
  }
}

function helpOf({ usage, purpose, details }: Command): string {
  const more = details === undefined ? '' : `\n\n${details}`
  return `usage: sky-t1 ${usage}\n\n${purpose}${more}`
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}

function codeOf(error: unknown): number {
  if (error instanceof InterruptedError) return interruptedCode
  const typed = error instanceof UsageError || error instanceof InvalidInputError
  return typed || isParseFault(error) ? usageCode : 1
}

/** Whether Node's own reader of command lines refused an option. */
function isParseFault(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
  )
}

function help(): string {
  const lines = [...commands.values()].map(({ usage, purpose }) => [`sky-t1 ${usage}`, purpose])
  const table = lines.map(([usage = '', purpose = '']) => `  ${usage}\n      ${purpose}`)
  return ['The reproduction of Sky-T1-32B-Preview on Temporal.', '', ...table].join('\n')
}

watchOutputs()
const code = await main(process.argv.slice(2))
// What was interrupted may have calls under way: none of them is waited for.
if (code === interruptedCode) process.exit(code)
process.exitCode = code
