/** Functions that are called find what LeetCode's judge imports; the label's own run imported nothing. */
const importsNothing = 'right but for an import, which functions find made'
const lastBits = 'right but for the last bits of a fraction, within the noise that is allowed'
const tooSlow = 'right: too slow for its label, which was found under another time limit'
const passesItsTest =
  'wrong on tests that are not at hand; right on the one that is, whose \\r its label read as a letter'
const clash = "right: the label's tests define a function of the same name, which hides it"

/** Why a program's verdict is not the one of its label, by data set and id. */
export const knownExceptions: Readonly<Record<string, string>> = {
  'lcb_code_outputs/lcb-atcoder-abc310_c/Qwen2.5-7B-Instruct zero-shot CoT (from unmerged PR #137 of LiveCodeBench)':
    passesItsTest,
  'lcb_code_outputs/lcb-atcoder-abc311_e/o1-mini-2024-09-12': tooSlow,
  'lcb_code_outputs/lcb-atcoder-abc311_e/o1-preview-2024-09-12': tooSlow,
  'lcb_code_outputs/lcb-atcoder-abc363_c/o1-mini-2024-09-12': tooSlow,
  'lcb_code_outputs/lcb-atcoder-abc363_c/o1-preview-2024-09-12': tooSlow,
  'func_solutions_labelled/HumanEval/79/gpt-3.5-turbo-0613':
    'prints examples of its use, where these tests, being no plain calls, look at what is printed',
  'func_solutions_labelled/HumanEval/7/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/HumanEval/71/codellama': importsNothing,
  'func_solutions_labelled/HumanEval/106/codellama': importsNothing,
  'func_solutions_labelled/HumanEval/106/starcoder': importsNothing,
  'func_solutions_labelled/MBPP/210/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/244/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/293/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/403/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/495/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/129/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/246/gpt-3.5-turbo-0613': lastBits,
  'func_solutions_labelled/MBPP/359/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/482/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/497/gpt-3.5-turbo-0613': importsNothing,
  'func_solutions_labelled/MBPP/56/codellama': clash,
  'func_solutions_labelled/MBPP/246/codellama': lastBits,
  'func_solutions_labelled/MBPP/312/codellama': lastBits,
  'func_solutions_labelled/MBPP/85/starcoder': importsNothing,
  'func_solutions_labelled/MBPP/20/starcoder': importsNothing,
  'func_solutions_labelled/MBPP/312/starcoder': importsNothing,
  'func_solutions_labelled/MBPP/349/starcoder': clash,
}
