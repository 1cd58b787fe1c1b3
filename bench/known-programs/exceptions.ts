/** Why a program's verdict is not the one of its label: by data set and id. */
export const knownExceptions: Readonly<Record<string, string>> = {}
