import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'

/** The path of a program that PATH leads to; undefined where it leads to none. */
export function findOnPath(name: string): string | undefined {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, name))
  return places.find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
