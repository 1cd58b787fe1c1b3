import { contestProblems } from '../contest-problems.ts'

/**
 * `BAAI/TACO`: contest problems of six sites, EASY, MEDIUM, MEDIUM_HARD, HARD, VERY_HARD or
 * UNKNOWN_DIFFICULTY. Statements that had pictures (`picture_num`) are taken as they are, as
 * published: the tests say who understood them.
 */
export const taco = contestProblems('taco')
