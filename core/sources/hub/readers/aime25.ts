import { aime24 } from './aime24.ts'

/** `math-ai/aime25`: both contests of 2025, in the columns of the year before. */
export const aime25 = aime24
