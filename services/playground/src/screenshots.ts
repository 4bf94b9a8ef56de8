import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { desktop, openBrowser, phone, visit } from './testing/browser.ts'
import { board, button, field, generate, pictures, stroke } from './testing/painting.ts'
import { type RunningStack, runStack } from './testing/running-stack.ts'

/** `npm run screenshots`: the page as the README shows it, from the real service with the built-in model. */
const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url))
const wide = { ...desktop, viewport: { width: 1400, height: 880 }, deviceScaleFactor: 1.5 }
const seed = '7'
const patienceMs = 120_000

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true })
  let stack: RunningStack | undefined
  let browser: Browser | undefined
  try {
    stack = await runStack()
    browser = await openBrowser()
    await onDesktop(browser, stack.url)
    await inTheDark(browser, stack.url)
    await onPhone(browser, stack.url)
  } finally {
    await browser?.close()
    await stack?.stop()
  }
}

async function onDesktop(browser: Browser, url: string): Promise<void> {
  const page = await visit(browser, url, [], { ...wide, colorScheme: 'light' }, false)
  await startExample(page)
  await button(page, 'Leaf').click()
  await board(page).hover({ position: { x: 330, y: 110 } })
  await save(page, 'sketch')

  await generate(page, 2)
  await field(page, 'Batch').fill('4')
  await set(page, 'steps', '60')
  await field(page, 'Seed').fill('21')
  await button(page, 'Generate').click()
  await page.getByText(/^Step (2[5-9]|3\d|4[0-5]) of/).waitFor()
  await page.locator('.preview img').waitFor()
  await save(page, 'running')

  await pictures(page).nth(5).waitFor()
  await pictures(page).nth(4).click()
  await page.getByRole('dialog').locator('.after').waitFor()
  await page.getByLabel('Before and after').fill('50')
  await save(page, 'result')
  await page.context().close()
}

async function inTheDark(browser: Browser, url: string): Promise<void> {
  const page = await visit(browser, url, [], { ...wide, colorScheme: 'dark' }, false)
  await startExample(page)
  await generate(page, 2)
  await button(page, 'Sweep').click()
  await pictures(page).nth(6).waitFor()
  await pictures(page).nth(5).click()
  await button(page, 'Inpaint this').click()
  await field(page, 'Prompt').fill('a photo of a green apple on a white background')
  await field(page, 'Denoising strength').fill('1')
  await field(page, 'Seed').fill(seed)
  await field(page, 'Size').fill('200')
  await stroke(page, [
    [0.4, 0.36],
    [0.6, 0.36],
    [0.62, 0.5],
    [0.58, 0.66],
    [0.42, 0.66],
    [0.38, 0.5],
  ])
  await generate(page, 9)
  await save(page, 'inpaint')
  await page.context().close()
}

async function onPhone(browser: Browser, url: string): Promise<void> {
  const page = await visit(browser, url, [], { ...phone, colorScheme: 'light' }, false)
  await startExample(page)
  await generate(page, 2)
  await page.evaluate(() => window.scrollTo(0, 0))
  await save(page, 'phone')
  await page.context().close()
}

async function startExample(page: Page): Promise<void> {
  page.setDefaultTimeout(patienceMs)
  await page.locator('#model option').first().waitFor({ state: 'attached' })
  await button(page, 'Start with an example').click()
  await set(page, 'seed', seed)
}

/** Sets a number that is folded away. */
async function set(page: Page, id: string, value: string): Promise<void> {
  await page.locator(`#${id}`).evaluate((element: HTMLInputElement, text) => {
    element.value = text
    element.dispatchEvent(new Event('input', { bubbles: true }))
  }, value)
}

async function save(page: Page, name: string): Promise<void> {
  // Whatever fades in has arrived by then.
  await page.waitForTimeout(name === 'running' ? 0 : 800)
  await page.screenshot({ path: join(folder, `playground-${name}.png`) })
}

await main()
