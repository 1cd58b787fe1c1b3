import { expect, test } from 'vitest'
import { checkFeasible, sourcesOf } from '../../../../core/recipe-feasibility.ts'
import { isCommit } from '../../../../core/sources/hub/hub-source.ts'
import { namedRecipe } from '../../../../workers/recipe-shelf.ts'

/** Data sets of which no commit is on record: their entries name a branch, and say so. */
const unpinned = ['still-2', 'numina-difficulty']

const publishedRecipe = () => namedRecipe('sky-t1-32b-preview')

test('the published recipe has seven sources and four evaluation sets, and comes out', async () => {
  const recipe = await publishedRecipe()
  expect(recipe.sources).toHaveLength(7)
  expect(recipe.evaluationSets.map(({ id }) => id)).toEqual([
    'math500',
    'aime24',
    'livecodebench-v2',
    'gpqa-diamond',
  ])
  expect(() => checkFeasible(recipe, { trains: false })).not.toThrow()
})

test('every entry of the published recipe is pinned to a commit, but for those that say why not', async () => {
  const moving = sourcesOf(await publishedRecipe()).flatMap((source) =>
    source.kind === 'hub' && !isCommit(source.revision) ? [source.id] : [],
  )
  expect(moving).toEqual(unpinned)
})
