import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputOf, run } from '../../../infra/setup/command.ts'
import type { ComponentName, Found, Site } from '../../../infra/setup/component.ts'
import { pythonEnvironment } from '../../../infra/setup/python-environment.ts'
import { setUp } from '../../../infra/setup/set-up.ts'

// A package of our own, made on the spot: the tests need no registry for it.
const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/tiny-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tiny.py", "word = 'installed'\\n")
    info = "tiny-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`

let folder: string
let wheel: string
let digest: string
let tools: Record<'python' | 'uv', string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-python-'))
  tools = await setUp({ components: ['python', 'uv'], progress: () => {} })
  await run(tools.python, ['-c', makeWheel, folder])
  wheel = join(folder, 'tiny-1.0-py3-none-any.whl')
  digest = createHash('sha256')
    .update(await readFile(wheel))
    .digest('hex')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function tool(name: ComponentName): Promise<Found> {
  return { path: name === 'uv' ? tools.uv : tools.python, version: '3' }
}

function siteIn(cache: string): Site {
  return { cache, need: tool, peek: tool, phase: () => {} }
}

async function environment({ hash = digest, note = '' } = {}) {
  const lock = join(folder, 'requirements.lock')
  await writeFile(lock, `# ${note}\ntiny @ file://${wheel} --hash=sha256:${hash}\n`)
  return pythonEnvironment({
    name: 'graderPython',
    folder: 'tiny',
    purpose: 'a test',
    lock,
    installedBy: 'npm run stack',
    compile: true,
  })
}

describe('a Python environment', () => {
  it('holds what the lock says, works from its final place, and is found again', async () => {
    const site = siteIn(join(folder, 'whole'))
    const tiny = await environment()
    expect(await tiny.find(site)).toBeUndefined()
    const made = await tiny.install(site)
    expect(await outputOf(made.path, ['-c', 'import tiny; print(tiny.word)'])).toBe('installed')
    expect(await tiny.find(site)).toEqual(made)
  })

  it('is another one when the lock changes, and the old one stays', async () => {
    const site = siteIn(join(folder, 'changed'))
    const before = await (await environment({ note: 'one' })).install(site)
    const after = await (await environment({ note: 'two' })).install(site)
    expect(after.path).not.toBe(before.path)
    expect(await readdir(site.cache)).toHaveLength(2)
  })

  it('refuses a package whose bytes are not those of the lock, and leaves nothing behind', async () => {
    const site = siteIn(join(folder, 'refused'))
    const tampered = await environment({ hash: '0'.repeat(64) })
    await expect(tampered.install(site)).rejects.toThrow(/hash/i)
    expect(await tampered.find(site)).toBeUndefined()
    expect(await readdir(site.cache)).toEqual([])
  })
})
