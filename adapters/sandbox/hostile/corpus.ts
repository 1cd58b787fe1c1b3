import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Language } from '../../../core/languages.ts'

const folder = (name: string) =>
  fileURLToPath(new URL(`../../../infra/sandbox/${name}`, import.meta.url))

/** Where the programs are: `KIND/NAME.py` (`prelude.py` stands before each) and `KIND/NAME.cpp`. */
const hostileFolder = folder('hostile')
/** Programs that mean no harm, and that a hostile one must leave unharmed. */
export const harmlessFolder = folder('harmless')

/** What each case of a program may come to; `accepted` programs are told what to print. */
const Expected = z.enum([
  'accepted',
  'wrong-output',
  'runtime-error',
  'time-limit',
  'memory-limit',
  'output-limit',
  'compile-error',
  /** It was ended for a system call that nobody may make. */
  'refused',
])

/** The lines `# key: value`, or `// key: value`, that a program begins with. */
const Header = z.strictObject({
  /** What it tries, in words that complete "tries …". */
  tries: z.string().startsWith('to '),
  expects: z
    .string()
    .transform((listed) => listed.split(', '))
    .pipe(z.array(Expected).min(1)),
  /** How it is run; a called one defines `attack(outside)`. */
  style: z.enum(['stdin', 'call']).default('stdin'),
  /** It is run so often, one case after the other, and told which it is. */
  cases: z.coerce.number().int().positive().default(1),
  cpuSeconds: z.coerce.number().positive().default(2),
  /** How long a harmless program beside it holds what it must not reach. */
  neighbourSeconds: z.coerce.number().nonnegative().default(0),
  /** Whether it belongs to the few that are run also where all have been run since the start-up. */
  always: z
    .literal('yes')
    .optional()
    .transform((said) => said !== undefined),
})

/** A program of the corpus, with what it may come to. */
export type HostileProgram = z.infer<typeof Header> & {
  readonly kind: string
  /** `KIND/NAME`. */
  readonly name: string
  readonly language: Language
  /** What a compiler is to find is not told on its input: `@canary@` stands for its path. */
  readonly code: string
}

/** Reads every program, in the order of their names. Throws an Error naming the file that is no program. */
export function readHostileCorpus(): HostileProgram[] {
  const prelude = readFileSync(join(hostileFolder, 'prelude.py'), 'utf8')
  const kinds = readdirSync(hostileFolder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  return kinds
    .map(({ name }) => name)
    .toSorted()
    .flatMap((kind) =>
      readdirSync(join(hostileFolder, kind))
        .filter((file) => ['.py', '.cpp'].includes(extname(file)))
        .toSorted()
        .map((file) => readProgram({ kind, file, prelude })),
    )
}

function readProgram(at: { kind: string; file: string; prelude: string }): HostileProgram {
  const { kind, file, prelude } = at
  const text = readFileSync(join(hostileFolder, kind, file), 'utf8')
  const header = Header.safeParse(Object.fromEntries(headerLines(text)))
  if (!header.success) {
    throw new Error(`${join(hostileFolder, kind, file)}: ${z.prettifyError(header.error)}`)
  }
  const { style } = header.data
  const extension = extname(file)
  const language = extension === '.cpp' ? 'cpp' : 'python'
  const before = language === 'python' ? [prelude, ...(style === 'stdin' ? [readOutside] : [])] : []
  return {
    ...header.data,
    kind,
    name: `${kind}/${basename(file, extension)}`,
    language,
    code: [...before, text].join('\n'),
  }
}

/** Before a whole program; a called one is handed its `outside`. */
const readOutside = 'outside = json.loads(sys.stdin.readline())\ntake_name(outside["marker"])\n'

function headerLines(text: string): Array<[string, string]> {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !/^(#|\/\/) /.test(line))
  return lines.slice(0, end).map((line) => {
    const [start, colon] = [line.indexOf(' '), line.indexOf(': ')]
    return [line.slice(start + 1, colon), line.slice(colon + 2)]
  })
}
