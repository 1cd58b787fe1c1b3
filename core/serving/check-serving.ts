import { InvalidInputError } from '../invalid-input.ts'
import type { Recipe } from '../recipe.ts'

/**
 * Refuses a recipe whose engine cannot answer what it will be asked: another model than the one that
 * it serves, or replies so long that no prompt fits beside them.
 */
export function checkServing({ serving, teacher, reformatter, sources }: Recipe): void {
  if (serving === null) return
  const other = sources.find(
    (source) => source.kind === 'recorded' && source.model !== teacher.model,
  )
  if (other !== undefined) {
    throw new InvalidInputError(
      `field serving: source ${other.id} asks the teacher's endpoint for a model of its own, and ` +
        `the engine serves ${teacher.model} alone; set serving to null`,
    )
  }
  if (reformatter.endpoint === teacher.endpoint && reformatter.model !== teacher.model) {
    throw new InvalidInputError(
      `field reformatter.endpoint: the engine serves ${teacher.model} at ${teacher.endpoint}, ` +
        `not ${reformatter.model}; name another endpoint`,
    )
  }
  const longest = Math.max(teacher.maxTokens, teacher.escalateTo ?? 0)
  if (serving.engine === 'vllm' && longest >= serving.maxModelLength) {
    throw new InvalidInputError(
      `field serving.maxModelLength: ${serving.maxModelLength} leaves no prompt any room beside a ` +
        `reply of ${longest} tokens; raise it or lower the teacher's limits`,
    )
  }
}

/**
 * Refuses an evaluation whose engine has no room for what it is asked: responses so long that no
 * problem fits beside them.
 */
export function checkEvaluationEngine({
  evaluationEngine: engine,
  benchmarks,
}: Pick<Recipe, 'evaluationEngine' | 'benchmarks'>): void {
  if (engine.engine !== 'vllm') return
  for (const { name, asking, models } of benchmarks) {
    const longest = Math.max(asking.maxTokens, ...askedOtherwise(models))
    if (longest < engine.maxModelLength) continue
    throw new InvalidInputError(
      `field evaluationEngine.maxModelLength: ${engine.maxModelLength} leaves no problem of ${name} ` +
        `any room beside a response of ${longest} tokens; raise it or lower asking.maxTokens`,
    )
  }
}

function askedOtherwise(models: Recipe['benchmarks'][number]['models']): number[] {
  return Object.values(models).flatMap(({ maxTokens }) => maxTokens ?? [])
}
