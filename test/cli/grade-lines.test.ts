import { describe, expect, it } from 'vitest'
import { readLines } from '../../cli/grade-lines.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function linesOf(bytes: Uint8Array | string, { size = 65_536, most = 1000 } = {}) {
  const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  const lines = []
  for await (const line of readLines(inPieces(whole, size), most)) lines.push(line)
  return lines.map(({ number, ...line }) => [number, 'text' in line ? line.text : line.fault])
}

describe('the lines of a stream', () => {
  it.each([1, 2, 3, 5, 1000])('are found wherever it is cut (pieces of %i bytes)', async (size) => {
    expect(await linesOf('één\nzwei\n\n四\n', { size })).toEqual([
      [1, 'één'],
      [2, 'zwei'],
      [4, '四'],
    ])
  })

  it('include a last one without an end, and leave out blank ones', async () => {
    expect(await linesOf('a\n \t\r\n\nb')).toEqual([
      [1, 'a'],
      [4, 'b'],
    ])
    expect(await linesOf('')).toEqual([])
  })

  it('begin after a byte order mark', async () => {
    expect(await linesOf('\uFEFFa\n')).toEqual([[1, 'a']])
  })

  it('that are no UTF-8 do no harm to the next', async () => {
    const bytes = Buffer.concat([Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0x0a]), Buffer.from('ä\n')])
    expect(await linesOf(bytes)).toEqual([
      [1, 'invalid-utf-8'],
      [2, 'invalid-utf-8'],
      [3, 'ä'],
    ])
  })

  it.each([1, 7, 1000])('that are too long are passed over (pieces of %i bytes)', async (size) => {
    const text = `${'x'.repeat(10)}\n${'y'.repeat(11)}\n${'z'.repeat(5000)}\nend\n`
    expect(await linesOf(text, { size, most: 10 })).toEqual([
      [1, 'x'.repeat(10)],
      [2, 'line-too-long'],
      [3, 'line-too-long'],
      [4, 'end'],
    ])
  })

  it('that are too long are not kept', async () => {
    for await (const read of readLines(inPieces(Buffer.alloc(100_000, 0x78), 1000), 5000)) {
      expect(read).toMatchObject({ number: 1, fault: 'line-too-long' })
      expect(read.bytes).toBeLessThanOrEqual(1024)
      expect('start' in read && read.start).toBe('x'.repeat(1024))
    }
  })
})
