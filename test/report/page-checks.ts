import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

// What runs in the page is text, so that the types of a browser's window stay out of the project.

/** By how many pixels the page is wider than the screen. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}

/** Opens all that is folded. */
export async function openEverything(page: Page): Promise<void> {
  await page.evaluate(
    "document.querySelectorAll('details').forEach((each) => { each.open = true })",
  )
}

/** What axe finds against WCAG A and AA, and against its own best practices. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })")
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`),
  )
}

/** Pairs of texts in one chart whose boxes share more than a pixel. */
export async function overlappingLabels(page: Page): Promise<string[]> {
  const charts = await page.locator('.chart > svg').all()
  const pairs = charts.map(async (chart) => {
    const labels = await Promise.all(
      (await chart.locator('text').all()).map(async (label) => ({
        text: (await label.textContent()) ?? '',
        box: (await label.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 },
      })),
    )
    return labels.flatMap((a, at) =>
      labels
        .slice(at + 1)
        .filter((b) => sharedWidth(a.box, b.box) > 1)
        .filter((b) => sharedHeight(a.box, b.box) > 1)
        .map((b) => `${a.text} / ${b.text}`),
    )
  })
  return (await Promise.all(pairs)).flat()
}

/** Pairs of lines of text outside charts that cover each other by more than two pixels either way. */
export async function overlappingTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const lines = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      const hidden = node.parentElement.closest('svg, script, select, .unseen, .scroll')
      if (hidden || node.textContent.trim() === '' || !node.parentElement.checkVisibility()) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) lines.push({ text: node.textContent.trim(), box })
    }
    lines.sort((a, b) => a.box.top - b.box.top)
    const pairs = []
    for (const [at, { text, box }] of lines.entries()) {
      for (let next = at + 1; next < lines.length && lines[next].box.top < box.bottom - 2; next++) {
        const other = lines[next]
        const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
        if (width > 2) pairs.push(text.slice(0, 60) + ' / ' + other.text.slice(0, 60))
      }
    }
    return pairs
  })()`)
}

type Box = Readonly<Record<'x' | 'y' | 'width' | 'height', number>>

function sharedWidth(a: Box, b: Box): number {
  return Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
}

function sharedHeight(a: Box, b: Box): number {
  return Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
}
