import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { converseWith, grade, jsonLines, startGrade, verdictsIn } from './grade-command.ts'
import { program } from './program.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sky-t1-grade-'))
  await writeFile(
    join(folder, 'in.jsonl'),
    jsonLines(Array.from({ length: 500 }, (_, at) => line(at))),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const letters = 'ABCD'

/** A line that is right for every fourth id. */
function line(at: number, padding = 0) {
  const answer = letters[(at * 3) % 4] ?? ''
  const response = `${'Let us think. '.repeat(padding)}The answer is (${answer}).`
  return { id: at, reference: letters[(at + (at % 4 === 0 ? 0 : 2)) % 4], response }
}

describe('sky-t1 grade choice', () => {
  it('gives a verdict for every line, in their order, and tells figures on standard error', async () => {
    const given = Array.from({ length: 3000 }, (_, at) => line(at))
    const { code, out, error } = await grade(['choice'], given)
    const lines = verdictsIn(out)
    expect(code).toBe(0)
    expect(lines.map(({ id }) => id)).toEqual(given.map(({ id }) => id))
    expect(lines[1]).toEqual({
      id: 1,
      outcome: 'accepted',
      reason: 'equal',
      tier: 'choice',
      extracted: 'D',
      profile: 'strict',
      ms: expect.any(Number),
    })
    const accepted = lines.filter(({ outcome }) => outcome === 'accepted').length
    expect(error).toContain(`3,000 lines · ${accepted.toLocaleString('en-US')} accepted`)
  })

  it('judges as the published pipeline did where that is asked for', async () => {
    const response = 'B is right: it is the only prime. A prime is what was asked for, a number.'
    const given = [{ id: 'article', reference: 'A', response }]
    const legacy = await grade(['choice', '--profile', 'legacy', '--quiet'], given)
    expect(verdictsIn(legacy.out)).toMatchObject([
      { outcome: 'accepted', legacyOutcome: 'accepted', profile: 'legacy' },
    ])
    const strict = await grade(['choice', '--quiet'], given)
    expect(verdictsIn(strict.out)).toMatchObject([{ outcome: 'wrong', extracted: 'B' }])
    expect(strict.error).toBe('')
  })

  it('calls a line undecided that cannot be read, says what is wrong, and goes on', async () => {
    const raw = [
      '{"id":1,"reference":"B","response":"B"}\r',
      '',
      '{"id":"cut","reference":"B","respon',
      'nothing',
      '[]',
      '{"reference":"B","response":"B"}',
      '{"id":2,"reference":"B"}',
      '{"id":3,"reference":"BC","response":"B"}',
      '{"id":4,"reference":"B","response":["B"]}',
      '{"id":5,"reference":"B","response":"B","finishReason":"tired"}',
      '{"id":6,"reference":"B","response":"\u0000"}',
      '['.repeat(100_000),
      `{"id":7,"reference":"B","response":"B","more":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      '{"id":8,"reference":"b","response":"\\u0000 (B) is correct","more":null,"finishReason":null}',
    ].join('\n')
    const bytes = Buffer.concat([Buffer.from(raw), Buffer.from('\n"\xff"\n', 'latin1')])
    const { code, out } = await grade(['choice'], bytes)
    expect(code).toBe(0)
    const told = verdictsIn(out).map(({ id, outcome, reason, field, line: number }) =>
      outcome === 'undecided' ? [id, reason, field, number] : [id, outcome],
    )
    expect(told).toEqual([
      [1, 'accepted'],
      ['cut', 'malformed-json', null, 3],
      [null, 'malformed-json', null, 4],
      [null, 'not-an-object', null, 5],
      [null, 'missing-field', 'id', 6],
      [2, 'missing-field', 'response', 7],
      [3, 'invalid-field', 'reference', 8],
      [4, 'invalid-field', 'response', 9],
      [5, 'invalid-field', 'finishReason', 10],
      [6, 'malformed-json', null, 11],
      [null, 'malformed-json', null, 12],
      [7, 'nested-too-deep', null, 13],
      [8, 'accepted'],
      [null, 'invalid-utf-8', null, 15],
    ])
  })

  it('passes over a line that is too long', async () => {
    const long = `{"id":"long","reference":"B","response":"${'x'.repeat(33 * 2 ** 20)}"}\n`
    const { code, out } = await grade(['choice'], `${long}${jsonLines([line(1)])}`)
    expect(code).toBe(0)
    expect(verdictsIn(out)).toMatchObject([
      { id: 'long', outcome: 'undecided', reason: 'line-too-long', line: 1 },
      { id: 1, outcome: 'accepted' },
    ])
  })

  it('gives ids back as they were written', async () => {
    const ids = ['12345678901234567890', '1.50', '"\\ud83d\\ude00"', '""']
    const given = ids.map((id) => `{"id":${id},"reference":"B","response":"B"}`).join('\n')
    const { out } = await grade(['choice'], given)
    const [long, fraction, emoji, empty] = out.split('\n')
    expect(long).toContain('{"id":12345678901234567890,')
    expect(fraction).toContain('{"id":1.50,')
    expect(emoji).toContain('{"id":"😀",')
    expect(empty).toContain('{"id":"",')
  })

  it('answers a line before the next one comes', async () => {
    const child = startGrade(['choice', '--quiet'])
    const closed = once(child, 'close')
    const { tell, hear } = converseWith(child)
    for (const at of [0, 1, 2]) {
      tell([line(at)])
      expect((await hear()).id).toBe(at)
    }
    child.stdin.end()
    expect(await closed).toEqual([0, null])
  })

  it('reads and writes files', async () => {
    const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')]
    const { code, out } = await grade(['choice', '--input', input, '--output', output])
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect((await readFile(output, 'utf8')).trimEnd().split('\n')).toHaveLength(500)
  })

  it('ends quietly when whoever reads its verdicts has seen enough', async () => {
    const endless = `yes '{"id":1,"reference":"B","response":"B"}'`
    const command = `"${process.execPath}" "${program}" grade choice`
    const script = `${endless} | ${command} | head -n 3; echo "\${PIPESTATUS[1]}"`
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script])
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0')
    expect(stdout.trimEnd().split('\n')).toHaveLength(4)
    expect(stderr).not.toContain('Error')
  })

  it('goes on when nobody reads its figures', async () => {
    const child = startGrade(['choice'])
    child.stderr.destroy()
    const out = text(child.stdout)
    const closed = once(child, 'close')
    child.stdin.end(jsonLines(Array.from({ length: 100 }, (_, at) => line(at))))
    expect(await closed).toEqual([0, null])
    expect((await out).trimEnd().split('\n')).toHaveLength(100)
  })

  it('ends with 130 where it is interrupted', async () => {
    const child = startGrade(['choice'])
    const closed = once(child, 'close')
    const { tell, hear } = converseWith(child)
    tell([line(1)])
    await hear()
    child.kill('SIGINT')
    expect(await closed).toEqual([130, null])
  })

  it('judges far more than it can hold', async () => {
    const count = 200_000
    async function* many() {
      for (let at = 0; at < count; at += 500) {
        yield jsonLines(Array.from({ length: 500 }, (_, more) => line(at + more, 40)))
      }
    }
    // 140 MB of lines and verdicts; the program itself takes some 60 MB.
    const child = startGrade(['choice', '--quiet'], { node: ['--max-old-space-size=96'] })
    const closed = once(child, 'close')
    const fed = pipeline(Readable.from(many()), child.stdin)
    let next = 0
    for await (const verdict of createInterface({ input: child.stdout })) {
      if (!verdict.startsWith(`{"id":${next},`)) throw new Error(`${next}: ${verdict}`)
      next += 1
    }
    await fed
    expect(await closed).toEqual([0, null])
    expect(next).toBe(count)
  })
})

describe('sky-t1 grade', () => {
  it.each([
    [[], 'name what is graded: math, code or choice'],
    [['science'], 'nothing grades science'],
    [['choice', '--profile', 'kind'], '--profile kind: choose one of strict, legacy'],
    [['choice', '--profile', 'math-verify'], 'choose one of strict, legacy'],
    [['math', '--profile', 'lax'], 'choose one of strict, math-verify, legacy'],
    [['choice', 'answers.jsonl'], '--input answers.jsonl'],
    [['choice', '--input', '/nowhere/in.jsonl'], '--input /nowhere/in.jsonl: cannot be opened'],
    [['choice', '--input', '/'], '--input /: is a folder'],
    [['choice', '--output', '/nowhere/out.jsonl'], '--output /nowhere/out.jsonl: cannot be opened'],
    [['choice', '--fast'], "'--fast'"],
  ])('answers %j in one line, with code 2', async (args, said) => {
    const { code, out, error } = await grade(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toContain(said)
    expect(error.trimEnd().split('\n')).toHaveLength(1)
  })

  it('does not write over what it reads', async () => {
    const file = join(folder, 'same.jsonl')
    await writeFile(file, jsonLines([line(1)]))
    const { code, error } = await grade(['choice', '--input', file, '--output', file])
    expect(code).toBe(2)
    expect(error).toContain('is the input')
    expect(await readFile(file, 'utf8')).toBe(jsonLines([line(1)]))
  })

  it('says when its verdicts can no longer be written', async () => {
    const { code, error } = await grade(['choice', '--quiet', '--output', '/dev/full'], [line(1)])
    expect(code).toBe(1)
    expect(error).toContain('--output /dev/full: cannot be written')
  })

  it.each(['math', 'code', 'choice'])('tells what a line of %s holds', async (kind) => {
    const { code, out, error } = await grade([kind, '--help'])
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toContain(`usage: sky-t1 grade ${kind} [--profile P]`)
    expect(out).toContain('Out, a line for each line in')
    expect(out).toContain('Exit code 0')
  })
})
