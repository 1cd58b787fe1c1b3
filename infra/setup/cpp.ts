import { aptInstall } from './apt.ts'
import { CommandError, findProgram, outputOf } from './command.ts'
import type { Component, Found } from './component.ts'
import { versionIn } from './version.ts'

/** The compiler of programs in C++; the sandbox does without, and judges none then. */
export const cpp: Component = {
  name: 'cpp',
  purpose: 'the compiler of generated programs in C++',
  mend: 'apt-get install g++ (or dnf install gcc-c++, pacman -S gcc)',

  find: findCompiler,

  async install(site) {
    await aptInstall(['g++'], site)
    const found = await findCompiler()
    if (found !== undefined) return found
    throw new CommandError('apt-get installed g++, yet it does not run')
  },
}

async function findCompiler(): Promise<Found | undefined> {
  const path = await findProgram('g++')
  const said = path === undefined ? undefined : await outputOf(path, ['-dumpfullversion'])
  const version = said === undefined ? undefined : versionIn(said)
  return path === undefined || version === undefined ? undefined : { path, version }
}
