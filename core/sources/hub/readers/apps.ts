import { contestProblems } from '../contest-problems.ts'

/** `codeparrot/apps`: contest problems of four sites, introductory, interview or competition. */
export const apps = contestProblems('apps')
