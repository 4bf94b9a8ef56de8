import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(chromiumPath)

/** What moves is painted by the processor, sixty times a second: only on the phone does it. */
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }
export const phone: BrowserContextOptions = {
  viewport: { width: 375, height: 812 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] })
}

/**
 * A fresh visitor on the page, who has unfolded all settings unless told otherwise. What the browser complains of goes
 * into `complaints`.
 */
export async function visit(
  browser: Browser,
  url: string,
  complaints: string[],
  options: BrowserContextOptions = desktop,
  unfolded = true,
): Promise<Page> {
  const context = await browser.newContext(options)
  if (unfolded) await context.addInitScript(() => sessionStorage.setItem('pentimento-more', 'open'))
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return page
}
