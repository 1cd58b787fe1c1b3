const out =
  'Out, a line for each line in, in their order: {"id","outcome":"accepted|wrong|undecided","reason",'

const common = `A line that cannot be read or judged is "undecided", with "reason", "field" (such as
tests.cases.0.output), "message" and "line"; the stream goes on. Fields that are not named here are let
be; blank lines are passed over; a line may have 32 MiB.

--profile P    whose rules judge: PROFILES
--input FILE   read a file, not standard input
--output FILE  write a file, not standard output
--quiet        tell no progress on standard error

Exit code 0: every line was judged ("undecided" is a verdict); 1: judging does not work here, the message
says what mends it; 2: wrong usage; 130: interrupted.`

const strict = 'strict (ours, if none is named)'
const legacy = 'legacy (what the published pipeline would have said)'

function commonWith(...profiles: readonly string[]): string {
  return common.replace('PROFILES', profiles.join(', '))
}

/** What `--help` says of `sky-t1 grade` and of each of its commands. */
export const gradeHelp = {
  all: `sky-t1 grade math    answers to mathematical problems
sky-t1 grade code    programs, by running their tests in the sandbox
sky-t1 grade choice  letters of multiple-choice answers

Each reads JSON Lines and says with --help what a line holds.

${commonWith(strict, 'math-verify (as shipped; math alone)', legacy)}`,

  purposes: {
    math: 'judge answers to mathematical problems, given as JSON Lines',
    code: 'judge programs by their tests, given as JSON Lines, in the sandbox',
    choice: 'judge answers to multiple-choice problems, given as JSON Lines',
  },

  math: `In:  {"id":"1","reference":"\\\\frac{1}{2}","response":"… so it is \\\\boxed{0.5}."}
     "response" is a bare answer, a text that announces one, or a whole trace, of which the box in
     its solution alone counts. Numbers are taken as they are written. "problem", its text, tells
     whether order counts and how much is to be rounded; "finishReason":"length", that the response
     was cut off.
${out}
     "tier","extracted","profile","ms"}; "ms" is the time from taking the line up to its verdict

${commonWith(strict, 'math-verify (version 0.9.0 as shipped)', legacy)}

--judge ENDPOINT/MODEL  has a model say what the rules cannot tell: words, units, an order that may
count. <ENDPOINT>_BASE_URL and <ENDPOINT>_API_KEY say where it is (openai needs the key alone). Its
verdicts have the tier "judge"; "judged" has what it said, and what the rules say. Give "problem".`,

  code: `In:  {"id":"1","language":"python","response":"…","tests":{"kind":"stdin","cases":[{"input":"2\\n","output":"4\\n"}]}}
     or "tests":{"kind":"call","function":"f","cases":[{"arguments":[2],"expected":4}]}
     "response" is a trace or a text with the program in a fenced block; "code" in its place is the
     program itself. "language" is python if it is not there, or cpp (kind stdin alone).
     "limits":{"cpuSeconds":10,"memoryMiB":1024} are those of a case; these if they are not there.
${out}
     "legacyOutcome","cases":[{"outcome","cpuMs","memoryMiB"}],"profile","ms"}

${commonWith(strict, legacy)}`,

  choice: `In:  {"id":"1","reference":"B","response":"… the answer is (B)."}
     "reference" is the right letter; "response" a letter or a whole trace, of which the solution
     alone counts. "finishReason":"length" tells that the response was cut off.
${out}
     "tier","extracted","profile","ms"}

${commonWith(strict, legacy)}`,
} as const
