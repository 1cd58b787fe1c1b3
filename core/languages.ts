/** A programming language as the sandbox runs it: a new one is an entry here. */
export type LanguageEntry = {
  /** As a prompt calls it. */
  readonly title: string
  /** What a program's source file is called. */
  readonly file: string
  /** Names that a fenced block of it carries, in lower case. */
  readonly fences: readonly string[]
  /**
   * What compiles the file in the working directory, and what it makes there, which is then executed
   * for each case; null where the sandbox's own interpreter runs the source.
   */
  readonly compile: { readonly command: readonly string[]; readonly executable: string } | null
  /** What puts the compiler where it is missing. */
  readonly mend: string | null
  /** Whether tests may call one function; whole programs can be run in every language. */
  readonly calls: boolean
}

/** What programs may be written in. */
export const languages = {
  python: {
    title: 'Python',
    file: 'solution.py',
    fences: ['python', 'python3', 'py', 'py3'],
    compile: null,
    mend: null,
    calls: true,
  },
  cpp: {
    title: 'C++',
    file: 'solution.cpp',
    fences: ['cpp', 'c++', 'cc', 'cxx', 'cpp17', 'c++17'],
    compile: {
      command: ['g++', '-O2', '-std=c++17', '-pipe', '-o', 'solution', 'solution.cpp'],
      executable: 'solution',
    },
    mend: 'apt-get install g++ (or dnf install gcc-c++, pacman -S gcc) on the host of the sandbox',
    calls: false,
  },
} as const satisfies Readonly<Record<string, LanguageEntry>>

/** A key of {@link languages}. */
export type Language = keyof typeof languages

/** Every language, in the order of the table. */
export const languageNames = ['python', 'cpp'] as const satisfies readonly Language[]

/** Whether a name is a language that programs can be run in. */
export function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name)
}
