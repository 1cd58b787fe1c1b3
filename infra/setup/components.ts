import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { bubblewrap } from './bubblewrap.ts'
import { chromium } from './chromium.ts'
import type { Component, ComponentName } from './component.ts'
import { cpp } from './cpp.ts'
import { python } from './python.ts'
import { pythonEnvironment } from './python-environment.ts'
import { temporal } from './temporal.ts'
import { uv } from './uv.ts'
import { versitygw } from './versitygw.ts'

const lockOf = (part: string) => join(projectRoot, 'infra', part, 'requirements.lock')

/** Everything that the project needs outside npm, in the order that `doctor` lists it. */
export const components: { readonly [Name in ComponentName]: Component } = {
  python,
  uv,
  temporal,
  versitygw,
  bwrap: bubblewrap,
  trainerPython: pythonEnvironment({
    name: 'trainerPython',
    folder: 'trainer',
    purpose: 'LLaMA-Factory: trains the student and serves it',
    lock: lockOf('trainer'),
    installedBy: 'npm run stack',
    compile: false, // gigabytes, of which a training imports a small part
  }),
  graderPython: pythonEnvironment({
    name: 'graderPython',
    folder: 'grader',
    purpose: 'Math-Verify: grades mathematics by meaning',
    lock: lockOf('grader'),
    installedBy: 'npm run stack',
    compile: true,
  }),
  sandboxPython: pythonEnvironment({
    name: 'sandboxPython',
    folder: 'sandbox',
    purpose: 'the Python that generated code runs on',
    lock: lockOf('sandbox'),
    installedBy: 'npm run stack',
    compile: true,
  }),
  trackersPython: pythonEnvironment({
    name: 'trackersPython',
    folder: 'trackers',
    purpose: 'wandb and TensorBoard: the tests read exports of trainings with them',
    lock: lockOf('trackers'),
    installedBy: 'npm test',
    compile: false, // read by a few tests alone
  }),
  statisticsPython: pythonEnvironment({
    name: 'statisticsPython',
    folder: 'statistics',
    purpose: 'SciPy and statsmodels: what the tests of the statistics compare with',
    lock: lockOf('statistics'),
    installedBy: 'npm test',
    compile: true, // imported whole by every run of the tests
  }),
  cpp,
  chromium,
}

/** What a stack can do without: programs in C++ are then not judged. */
export const optionalComponents = ['cpp'] as const satisfies readonly ComponentName[]

/** What a stack needs; tests need `trackersPython`, `statisticsPython`, `chromium` and `cpp` besides. */
export const stackComponents = [
  'temporal',
  'versitygw',
  'bwrap',
  'trainerPython',
  'graderPython',
  'sandboxPython',
] as const satisfies readonly ComponentName[]
