import { expect, test } from 'vitest'
import { evaluationStylesheet } from '../../../core/report/evaluation-stylesheet.ts'
import { stylesheet } from '../../../core/report/stylesheet.ts'

const [light = '', dark = ''] = stylesheet.split('prefers-color-scheme: dark')
const schemes = [
  { scheme: 'light', rules: light },
  { scheme: 'dark', rules: dark },
]

const text = ['ink', 'muted', 'accent', 'base', 'good', 'bad', 'unsure']
const graphics = ['accent', 'accent-soft', 'base', 'loss', 'void', 'muted']

test.each(
  schemes.flatMap((scheme) =>
    text.flatMap((ink) => ['paper', 'wash'].map((ground) => ({ ...scheme, ink, ground }))),
  ),
)('$ink on $ground in $scheme reads at 4.5:1 or better (WCAG AA)', ({ rules, ink, ground }) => {
  expect(contrast(colour(rules, ink), colour(rules, ground))).toBeGreaterThanOrEqual(4.5)
})

test.each(schemes.flatMap((scheme) => graphics.map((ink) => ({ ...scheme, ink }))))(
  '$ink in a chart in $scheme stands out at 3:1 or better',
  ({ rules, ink }) => {
    expect(contrast(colour(rules, ink), colour(rules, 'paper'))).toBeGreaterThanOrEqual(3)
  },
)

const [lightSeries = '', darkSeries = ''] = evaluationStylesheet
  .slice(stylesheet.length)
  .split('prefers-color-scheme: dark')

test.each([
  ['light', light, lightSeries],
  ['dark', dark, darkSeries],
])('every series of a chart in %s stands out at 4.5:1 or better', (_, rules, series) => {
  const paper = colour(rules, 'paper')
  for (const at of [0, 1, 2, 3, 4, 5]) {
    expect(contrast(colour(series, `series-${at}`), paper)).toBeGreaterThanOrEqual(4.5)
  }
})

function colour(rules: string, name: string): readonly number[] {
  const [, hex = ''] = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(rules) ?? []
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
}

/** Contrast ratio by WCAG 2.2, "relative luminance". */
function contrast(a: readonly number[], b: readonly number[]): number {
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].toSorted((one, other) => one - other)
  return (bright + 0.05) / (dim + 0.05)
}

function luminance(channels: readonly number[]): number {
  const linear = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  )
  const [red = 0, green = 0, blue = 0] = linear
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
