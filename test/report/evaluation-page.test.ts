import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderEvaluation, renderProblemPage } from '../../core/report/render-evaluation.ts'
import { browserNote, chromiumPath, launchChromium, type Reader, withSite } from './chromium.ts'
import { exampleEvaluation } from './example-evaluation.ts'
import { hostileEvaluation } from './hostile-evaluation.ts'
import {
  openEverything,
  overflow,
  overlappingLabels,
  overlappingTexts,
  violations,
} from './page-checks.ts'

const example = exampleEvaluation()
const pages = [...renderEvaluation(example.data), ...example.pages.map(renderProblemPage)]

const desk = { width: 1280, height: 800, colorScheme: 'light' } as const
const telephone = { width: 380, height: 800, colorScheme: 'dark' } as const
const main = 'index.html'
const list = 'problems/math500/index.html'
const problems = 'problems/math500/0001.html'
const gated = 'problems/gpqa-diamond/0001.html'

describe.skipIf(chromiumPath === undefined)(`an evaluation in a browser (${browserNote})`, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium(chromiumPath ?? '')
  })

  afterAll(async () => {
    await browser.close()
  })

  const views: ReadonlyArray<Reader & { readonly path: string }> = [
    { path: main, ...desk },
    { path: main, ...telephone },
    { path: list, ...telephone, colorScheme: 'light' },
    { path: problems, ...desk, colorScheme: 'dark' },
    { path: problems, ...telephone, colorScheme: 'light' },
    { path: gated, ...telephone },
  ]
  test.each(views)(
    '$path at $width in $colorScheme: WCAG AA holds, nothing is too wide, covered or asked for',
    async ({ path, ...reader }) => {
      await withSite(browser, { pages, path, reader }, async ({ page, complaints, requests }) => {
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        await openSome(page)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await overlappingTexts(page)).toEqual([])
        expect(await overlappingLabels(page)).toEqual([])
        expect(await violations(page)).toEqual([])
        expect(complaints).toEqual([])
        expect(requests).toEqual([])
      })
    },
  )

  test.each([main, list, problems])(
    'names that are pages long make %s no wider than a telephone, and cover nothing in its charts',
    async (path) => {
      const { data, pages: long } = hostileEvaluation()
      const site = [...renderEvaluation(data), ...long.map(renderProblemPage)]
      await withSite(
        browser,
        { pages: site, path, reader: telephone },
        async ({ page, ...heard }) => {
          await openSome(page)
          expect(await overflow(page)).toBeLessThanOrEqual(0)
          expect(await overlappingLabels(page)).toEqual([])
          expect(heard).toEqual({ complaints: [], requests: [] })
        },
      )
    },
  )

  test('a reader finds the problems that only one of two chosen models is right on', async () => {
    await withSite(browser, { pages, path: main, reader: desk }, async ({ page }) => {
      await follow(page, page.getByRole('link', { name: /^MATH500: 60 problems/ }))
      await page.getByLabel('with').selectOption('QwQ-32B-Preview')
      await page.getByLabel('Outcome').selectOption('only QwQ-32B-Preview right')
      const shown = page.locator('.rows > li:visible')
      expect(await shown.count()).toBe(pairCount())
      expect(await page.getByRole('status').textContent()).toBe(
        `${pairCount()} of 60 problems shown`,
      )
      const link = shown.first().getByRole('link')
      const place = (await link.textContent()) ?? ''
      await follow(page, link)
      expect(await page.getByLabel('with').inputValue()).toBe('2')
      expect(await page.getByLabel('Outcome').inputValue()).toBe('wrong-right')
      expect(await page.getByRole('heading', { name: place, exact: true }).isVisible()).toBe(true)
      const sides = page.locator('details[open] .side:visible > .who')
      expect(await sides.allTextContents()).toEqual(['Sky-T1-32B-Preview', 'QwQ-32B-Preview'])
    })
  })

  test('a problem and a sample of it open by keyboard', async () => {
    await withSite(browser, { pages, path: problems, reader: desk }, async ({ page }) => {
      const problem = page.locator('details.item').first()
      await problem.locator('summary').first().focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      const response = problem.locator('.side').first().getByLabel('Response')
      expect(await response.isVisible()).toBe(true)
    })
  })

  test('without its script a page shows every problem of every model', async () => {
    const bare = pages.map(({ path, html }) => ({
      path,
      html: html.replace(/<script>.*<\/script>/s, ''),
    }))
    const site = { pages: bare, path: problems, reader: desk }
    await withSite(browser, site, async ({ page }) => {
      expect(await page.locator('form').isVisible()).toBe(false)
      expect(await page.locator('details.item:visible').count()).toBe(50)
      await openSome(page)
      const sides = page.locator('details.item').first().locator('.side:visible')
      expect(await sides.count()).toBe(3)
    })
  })

  test('paper is white, holds the whole width, and shows the folded figures', async () => {
    const reader = { width: 794, height: 1123, colorScheme: 'dark' } as const
    await withSite(browser, { pages, path: main, reader }, async ({ page }) => {
      const settings = page.getByRole('cell', { name: 'vllm 0.11.2' }).first()
      expect(await settings.isVisible()).toBe(false)
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      expect(await settings.isVisible()).toBe(true)
      const ink = await page.evaluate('getComputedStyle(document.documentElement).color')
      expect(ink).toBe('rgb(27, 29, 32)')
      expect(await overflow(page)).toBeLessThanOrEqual(0)
    })
  })
})

/** All that is folded on the main page; of a page of problems the first two, which is enough to see. */
async function openSome(page: Page): Promise<void> {
  if ((await page.locator('details.item').count()) === 0) return openEverything(page)
  await page.evaluate(
    `[...document.querySelectorAll('details.item')].slice(0, 2).forEach((item) => {
      item.open = true
      item.querySelectorAll('details').forEach((each) => { each.open = true })
    })`,
  )
}

/** Problems of MATH500 that QwQ is right on and Sky-T1 is wrong on; each has one sample. */
function pairCount(): number {
  const listed = example.data.problems[0]?.pages.flat() ?? []
  return listed.filter(({ attempts: [sky, , qwq] }) => {
    const wrong = sky?.accepted === 0 && sky.undecided === 0
    return wrong && qwq?.accepted === 1
  }).length
}

/** Clicks on a link and waits until the page behind it stands, its script with it. */
async function follow(page: Page, link: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), link.click()])
}
