import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderReport } from '../../core/report/render-report.ts'
import { browserNote, chromiumPath, launchChromium, type Reader, withPage } from './chromium.ts'
import { exampleReport, replayReport } from './example-report.ts'
import { hostileReport } from './hostile-report.ts'
import { openEverything, overflow, overlappingLabels, violations } from './page-checks.ts'

const readers: readonly Reader[] = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { width: 380, height: 800, colorScheme },
  { width: 1280, height: 800, colorScheme },
])

describe.skipIf(chromiumPath === undefined)(`the report in a browser (${browserNote})`, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium(chromiumPath ?? '')
  })

  afterAll(async () => {
    await browser.close()
  })

  const pages = [
    { name: 'example', markup: renderReport(exampleReport()), screens: 1 },
    { name: 'replay', markup: renderReport(replayReport(300)), screens: 1 },
    // Whose names are pages long pushes the headline down, but not off to the side.
    { name: 'hostile', markup: renderReport(hostileReport()), screens: Infinity },
  ]
  const views = pages.flatMap((page) => readers.map((reader) => ({ ...page, reader })))

  test.each(views)(
    '$name at $reader.width in $reader.colorScheme: headline in sight, no request, nothing too wide',
    async ({ markup, screens, reader }) => {
      await withPage(browser, { markup, reader }, async ({ page, complaints, requests }) => {
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await headlineEnd(page)).toBeLessThan(screens * reader.height)
        await openEverything(page)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await page.locator('script').count()).toBe(0)
        expect(complaints).toEqual([])
        expect(requests).toEqual([])
      })
    },
  )

  const accessible = readers.map((reader) => ({
    reader,
    markup: renderReport(replayReport(4)),
  }))
  test.each(accessible)(
    'WCAG AA holds with everything open, at $reader.width in $reader.colorScheme',
    async ({ markup, reader }) => {
      await withPage(browser, { markup, reader }, async ({ page }) => {
        await openEverything(page)
        expect(await violations(page)).toEqual([])
      })
    },
  )

  test.each(readers)(
    'no label of a chart covers another, at $width in $colorScheme',
    async (reader) => {
      const markup = renderReport(exampleReport())
      await withPage(browser, { markup, reader }, async ({ page }) => {
        expect(await overlappingLabels(page)).toEqual([])
      })
    },
  )

  test('a trace opens and closes by keyboard', async () => {
    const reader = { width: 1280, height: 800, colorScheme: 'light' } as const
    const markup = renderReport(exampleReport())
    await withPage(browser, { markup, reader }, async ({ page }) => {
      const trace = page.locator('#traces details').first()
      await trace.locator('summary').focus()
      await page.keyboard.press('Enter')
      expect(await trace.getByText('Thought', { exact: true }).isVisible()).toBe(true)
      await page.keyboard.press('Enter')
      expect(await trace.getByText('Thought', { exact: true }).isVisible()).toBe(false)
    })
  })

  test('paper is white, whatever the screen, and holds the whole width', async () => {
    const reader = { width: 794, height: 1123, colorScheme: 'dark' } as const
    const markup = renderReport(exampleReport())
    await withPage(browser, { markup, reader }, async ({ page }) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      const ink = await page.evaluate('getComputedStyle(document.documentElement).color')
      expect(ink).toBe('rgb(27, 29, 32)')
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      expect((await page.pdf({ format: 'A4' })).subarray(0, 4).toString()).toBe('%PDF')
    })
  })
})

/** Where on the page the headline ends: notice, verdict, both figures and their plot. */
async function headlineEnd(page: Page): Promise<number> {
  const places = ['.notice', '.verdict', '.before-after dl', '.before-after svg']
  const boxes = await Promise.all(places.map((place) => page.locator(place).first().boundingBox()))
  return Math.max(...boxes.map((box) => (box === null ? Infinity : box.y + box.height)))
}
