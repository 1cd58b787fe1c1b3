import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'

/** The grader's Pythons that this process has started, bubblewrap's processes left out. */
export function graderPythons(): number[] {
  return descendants(process.pid).filter((pid) => {
    try {
      return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith('python')
    } catch {
      return false // It has ended.
    }
  })
}

function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendants(child)])
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
