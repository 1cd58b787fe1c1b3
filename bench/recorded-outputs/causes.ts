import type { Disagreement } from '../../core/report/report-data.ts'

/** Why a verdict is not the recorded label; undefined where that is not known. */
export function causeOf(each: Disagreement): string | undefined {
  return causes.find(({ of }) => of(each))?.cause ?? looked[each.verdict.problemId]
}

/** By what a verdict and a label say for themselves; the first that fits. */
const causes: ReadonlyArray<{
  readonly cause: string
  readonly of: (each: Disagreement) => boolean
}> = [
  {
    cause: 'no answer stands in a box, for which its prompt did not ask; the label is of prose',
    of: ({ label, verdict }) => label.correct && verdict.reason === 'no-answer',
  },
  {
    cause: 'cut off before it answered: undecided here, labelled wrong',
    of: ({ label, verdict }) => !label.correct && verdict.reason === 'truncated',
  },
  {
    cause: 'the label was made by more tests than are here',
    of: ({ label, verdict }) =>
      verdict.outcome === 'accepted' &&
      label.reason.startsWith('wrong-not-shown-by-included-tests'),
  },
  {
    cause:
      'ends within the limit that is set here, which is not the one that its label was found under',
    of: ({ label, verdict }) =>
      verdict.outcome === 'accepted' &&
      /Time Limit Exceeded|TLE on the included/.test(label.reason),
  },
  {
    cause: "the same value in another form, of which the label's grader compared the text",
    of: ({ label, verdict }) =>
      !label.correct && verdict.outcome === 'accepted' && verdict.reason.startsWith('equal'),
  },
  {
    cause: 'no rule is sure of the two values: undecided here, labelled wrong',
    of: ({ label, verdict }) => !label.correct && verdict.outcome === 'undecided',
  },
]

/** Where none of these fits: what was found by looking at answer and reference, by the id of the problem. */
const looked: Readonly<Record<string, string>> = {
  '01cba0c82f56cb6bff3dc2db7e8e16ae': 'the label takes an open interval for a half-open one',
  '5400916bf67fb3378db625f77b18d159': 'the label takes the first of two answers for both',
  '962a3583f4b26cd3e666a8f679f855bb': 'the label takes the first of five answers for all',
  cdfce828fad5392676bc7dd8f5b7272e: 'the label takes two of three values for all',
  '63f500533b0ead3ae52ee744617ae38f':
    'the answer is a letter that stands for the word: undecided here, labelled right',
  '15a153cfd6289958de1e42ed851c094b':
    'wrong on tests that are not at hand; right on the one that is, whose \\r its label read as a letter',
}
