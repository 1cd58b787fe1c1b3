import { expect, test } from 'vitest'
import {
  bytes,
  count,
  dollars,
  duration,
  instant,
  interval,
  percent,
  pValue,
  shareOf,
  signedPoints,
} from '../../../core/report/figures.ts'

test.each([
  [percent(0.6375), '63.8%'],
  [percent(0), '0.0%'],
  [interval({ low: 0.575, high: 0.6957 }), '57.5–69.6%'],
  [shareOf(1, 8), '12.5%'],
  [signedPoints(0.0812), '+8.1'],
  [signedPoints(-0.0004), '0.0'],
  [signedPoints(-0.12), '−12.0'],
  [pValue(0.0312), '0.031'],
  [pValue(0.0004), '< 0.001'],
  [shareOf(0, 0), '–'],
  [count(1234567), '1,234,567'],
  [dollars(0), '$0'],
  [dollars(0.00001), '<$0.0001'],
  [dollars(0.0013312), '$0.00133'],
  [dollars(1234.5), '$1,234.50'],
  [duration('2026-11-22T17:20:31Z', '2026-11-22T17:21:13Z'), '42 s'],
  [duration('2026-11-22T17:20:31Z', '2026-11-22T17:31:12Z'), '10 min 41 s'],
  [duration('2026-11-22T00:00:00Z', '2026-11-22T19:05:59Z'), '19 h 5 min'],
  [duration('2026-11-22T17:20:31Z', '2026-11-22T17:20:30Z'), '0 s'],
  [instant('2026-11-22T17:20:31.120Z'), '2026-11-22 17:20:31 UTC'],
  [bytes(0), '0 B'],
  [bytes(812), '812 B'],
  [bytes(14_812_334), '14.8 MB'],
  [bytes(65e9), '65.0 GB'],
])('%s', (written, expected) => {
  expect(written).toBe(expected)
})
