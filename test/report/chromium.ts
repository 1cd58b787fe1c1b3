import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { ReportPage } from '../../core/report/evaluation/paths.ts'

/** Chromium's executable, where the deployment has one. */
export const chromiumPath = process.env['SKY_T1_CHROMIUM']

/** For the name of a suite: which browser it uses, or why it is skipped. */
export const browserNote = chromiumPath ?? 'skipped: SKY_T1_CHROMIUM names no Chromium'

/** Starts Chromium headless, without anything that would call home. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** How a reader looks at a page. */
export type Reader = {
  readonly width: number
  readonly height: number
  readonly colorScheme: 'light' | 'dark'
}

/** A page as a reader opened it, with everything it complained of and asked for. */
export type OpenedPage = {
  readonly page: Page
  readonly complaints: readonly string[]
  /** Addresses asked for, the report's own pages left out. */
  readonly requests: readonly string[]
}

/** Opens HTML from a file, as a reader would, for as long as `look` takes. */
export async function withPage(
  browser: Browser,
  { markup, reader }: { readonly markup: string; readonly reader: Reader },
  look: (opened: OpenedPage) => Promise<void>,
): Promise<void> {
  const pages = [{ path: 'report.html', html: markup }]
  await withSite(browser, { pages, path: 'report.html', reader }, look)
}

/** Pages that stand in a folder by their paths, and the one that is opened. */
export type Site = {
  readonly pages: readonly ReportPage[]
  readonly path: string
  readonly reader: Reader
}

/** Opens one of several pages from its file, as a reader would, for as long as `look` takes. */
export async function withSite(
  browser: Browser,
  { pages, path, reader }: Site,
  look: (opened: OpenedPage) => Promise<void>,
): Promise<void> {
  const { colorScheme, ...viewport } = reader
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  const page = await browser.newPage({ viewport, colorScheme })
  try {
    for (const each of pages) {
      const file = join(folder, each.path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, each.html)
    }
    const own = new Set(pages.map((each) => pathToFileURL(join(folder, each.path)).href))
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => complaints.push(dialog.message()))
    page.on('request', (request) => {
      const [address = ''] = request.url().split(/[?#]/)
      if (!own.has(address)) requests.push(request.url())
    })
    await page.goto(pathToFileURL(join(folder, path)).href)
    await look({ page, complaints, requests })
  } finally {
    await page.close()
    await rm(folder, { recursive: true, force: true })
  }
}
