import { expect, test } from 'vitest'
import { sandboxLines } from '../../cli/doctor-sandbox.ts'

const trial = { kind: 'network', name: 'network/tcp', tries: 'to reach the host' }

test('the report has a row a kind, with the first program that was not contained and what it did', () => {
  const trials = [
    { kind: 'disk', name: 'disk/sparse', tries: 'to make a file of a terabyte', seen: [] },
    { ...trial, name: 'network/abstract', seen: [] },
    { ...trial, seen: ['it reached the host over TCP', 'connected to 127.0.0.1'] },
    { ...trial, name: 'network/udp', seen: ['it reached the host over udp4'] },
  ]
  expect(sandboxLines({ contained: false, seconds: 21.4, trials, groupsLeft: ['/g/1'] })).toEqual([
    'kind     programs  contained',
    'disk            1  yes',
    'network         3  NO (2): network/tcp tries to reach the host: it reached the host over TCP; connected to 127.0.0.1',
    'left behind: /g/1',
    '2 of 4 programs of 2 kinds were contained, in 21 s',
  ])
})
