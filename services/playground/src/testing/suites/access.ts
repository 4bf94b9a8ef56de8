import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { desktop, phone, visit } from '../browser.ts'
import { board, button, colourAt, field, generate, patienceMs, pictures, pngFile } from '../painting.ts'
import type { Service } from '../service.ts'

const largestTransferBytes = 60_000

/** The page for everybody: its size, its faults of access, keys alone, phones. */
export function accessTests(service: Service): void {
  it('is small, and allows itself nothing but its own files', async () => {
    const context = await service.browser.newContext(desktop)
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    let transferred = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      transferred += encodedDataLength
    })
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    const answer = await page.goto(service.url)
    await button(page, 'Start with an example').waitFor()
    await page.waitForLoadState('networkidle')
    await page.getByText('closer to the drawing').waitFor()
    expect(await field(page, 'Sampling steps').isVisible(), 'what few need is folded away').toBe(false)
    expect(await field(page, 'Prompt').getAttribute('placeholder')).toBe('What should it be?')
    expect(transferred).toBeGreaterThan(10_000)
    expect(transferred).toBeLessThan(largestTransferBytes)
    expect(addresses.filter((address) => !address.startsWith(service.url))).toEqual([])
    const policy = answer?.headers()['content-security-policy']
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  it('has no serious fault of access, in the light and in the dark', async () => {
    const page = await visit(service.browser, service.url, service.complaints, { ...desktop, colorScheme: 'light' })
    await button(page, 'Start with an example').waitFor()
    expect(await faultsInBoth(page), 'an empty canvas').toEqual([])
    await button(page, 'Start with an example').click()
    await field(page, 'Sampling steps').fill('4')
    await generate(page, 2)
    expect(await faultsInBoth(page), 'results').toEqual([])
    await pictures(page).first().click()
    await page.getByRole('dialog').getByText('Use as input').waitFor()
    expect(await faultsInBoth(page, 'dialog[open]'), 'the viewer').toEqual([])
    await button(page, '4×').click()
    expect(await faultsInBoth(page, 'dialog[open]'), 'a magnified picture').toEqual([])
    await button(page, 'Inpaint this').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await field(page, 'Mask blur').waitFor()
    expect(await faultsInBoth(page), 'inpainting').toEqual([])
    await page.locator('h1').click()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Larger brush').waitFor()
    expect(await faultsInBoth(page, 'dialog[open]'), 'the list of keys').toEqual([])
    await page.keyboard.press('Escape')
    await button(page, 'API key').click()
    expect(await faultsInBoth(page, 'dialog[open]'), 'the key').toEqual([])
  })

  it('takes LoRAs, control images and a reference where they go with the model, and brings them back', async () => {
    const page = await visit(service.browser, service.url, service.complaints)
    await page.locator('#model option').first().waitFor({ state: 'attached' })
    for (const label of ['LoRAs', 'Control model', 'Reference model']) expect(await field(page, label).count()).toBe(0)
    await page.getByText('For other models only: LoRAs, ControlNets, IP-Adapters.').waitFor()
    const half = await pngFile(page, (context) => {
      context.fillRect(48, 0, 48, 64)
    })
    await field(page, 'Model').selectOption('mine')
    await button(page, 'Text').click()
    const small = { Prompt: 'a red apple', Width: '64', Height: '64', 'Sampling steps': '1', Batch: '1' }
    for (const [label, value] of Object.entries(small)) await field(page, label).fill(value)
    await field(page, 'LoRAs').selectOption('bold')
    await field(page, 'Weight of bold').fill('0.5')
    expect(await field(page, 'Control 2 model').count()).toBe(0)
    await field(page, 'Control model').selectOption('union')
    await field(page, 'Control 2 model').waitFor()
    expect(await field(page, 'Kind of picture').inputValue()).toBe('lineart')
    expect(await field(page, 'Kind of picture').locator('option').count()).toBe(6)
    expect(await field(page, 'Preprocessor').inputValue()).toBe('canny')
    await field(page, 'Kind of picture').selectOption('depth')
    expect(await field(page, 'Preprocessor').inputValue()).toBe('none')
    await field(page, 'Control model').selectOption('edges')
    expect(await field(page, 'Kind of picture').count()).toBe(0)
    await field(page, 'Preprocessor').selectOption('invert')
    await field(page, 'Open control image').setInputFiles(half)
    await expect.poll(() => columnsOf(page)).toEqual(Array.from({ length: 32 }, (_, x) => 32 + x))
    await field(page, 'Preprocessor').selectOption('canny')
    // One line of white down the middle, on black: of two columns as steep as each other, cv2 too takes the left.
    await expect.poll(() => columnsOf(page)).toEqual([31])
    await field(page, 'Edge threshold, low').fill('60')
    await field(page, 'Reference model').selectOption('like')
    await dropOn(page.getByRole('group', { name: 'Reference' }), half.buffer)
    await page.getByRole('img', { name: 'The reference image' }).waitFor()
    await expect.poll(() => keptGuides(page)).toBe(2)

    await page.reload()
    await page.getByRole('img', { name: 'The reference image' }).waitFor()
    await button(page, 'Text').click()
    await field(page, 'Control scale').fill('3')
    await button(page, 'Generate').click()
    await page.locator('#control_scale[aria-invalid=true]').waitFor()
    expect(service.complaints.splice(0)).toEqual([expect.stringContaining('422')])
    expect(await faults(page), 'control and reference').toEqual([])
    await field(page, 'Control scale').fill('0.8')
    await generate(page, 1)

    await field(page, 'Model').selectOption('still-life')
    expect(await field(page, 'Control model').count()).toBe(0)
    await pictures(page).first().click()
    await button(page, 'control_image.png').waitFor()
    const link = page.url()
    const result = await page.evaluate(async () => {
      const job = `v1/jobs/${location.hash.slice(1).split('/')[0]}`
      const png = await (await fetch(`${job}/images/0`)).arrayBuffer()
      return { job: await (await fetch(job)).json(), text: new TextDecoder('latin1').decode(png) }
    })
    expect(result.job.parameters).toMatchObject({
      ...{ control_model: 'edges', control_preprocessor: 'canny', control_scale: 0.8, control_2_model: null },
      ...{ control_canny_low: 60, control_canny_high: 200 },
      ...{ reference_model: 'like', loras: [{ name: 'bold', weight: 0.5, text_weight: 0.5 }] },
    })
    expect(result.text).toContain(`a red apple <lora:bold:0.5>\n`)
    expect(result.text).toContain(
      `, Lora hashes: "bold: ${await tensorHash(join(service.models, 'loras/bold.safetensors'))}"`,
    )
    await button(page, 'Use settings').click()
    await page.getByRole('img', { name: 'The reference image' }).waitFor()
    await expect.poll(() => columnsOf(page)).toEqual([31])
    expect(await field(page, 'Control scale').inputValue()).toBe('0.8')
    expect(await field(page, 'Weight of bold').inputValue()).toBe('0.5')
    await button(page, 'Remove the control image').click()
    await preview(page).waitFor({ state: 'detached' })

    const elsewhere = await visit(service.browser, link, service.complaints)
    await button(elsewhere, 'Use settings').click()
    await elsewhere.getByText('The pictures that this run was held to are not in this browser').waitFor()
    expect(await field(elsewhere, 'Control model').inputValue()).toBe('edges')
  })

  it('can be used by keys alone', async () => {
    const page = await visit(service.browser, service.url, service.complaints)
    await page.locator('#model option').first().waitFor({ state: 'attached' })
    await tabTo(page, 'application')
    await page.keyboard.press('Space')
    for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Space')
    expect(await colourAt(page, 0.5, 0.55)).toEqual([0xd5, 0x28, 0x2f, 255])
    expect(await colourAt(page, 0.2, 0.55)).toEqual([255, 255, 255, 255])
    await page.keyboard.press('Control+z')
    expect(await colourAt(page, 0.5, 0.55)).toEqual([255, 255, 255, 255])
    await page.keyboard.press('Control+Shift+z')
    await tabTo(page, '#prompt')
    await page.keyboard.type('a photo of a red cherry')
    await tabTo(page, '#steps')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('4')
    await page.keyboard.press('ArrowUp')
    expect(await field(page, 'Sampling steps').inputValue()).toBe('5')
    await page.keyboard.press('Control+Enter')
    await pictures(page).nth(1).waitFor({ timeout: patienceMs })
    await tabTo(page, 'picture')
    await page.keyboard.press('Enter')
    const viewer = page.getByRole('dialog')
    await viewer.waitFor()
    await tabTo(page, 'range')
    await page.keyboard.press('ArrowRight')
    expect(await viewer.getByLabel('Before and after').inputValue()).toBe('1')
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'hidden' })
  })

  it('fits a phone and takes fingers', async () => {
    const page = await visit(service.browser, service.url, service.complaints, phone)
    const box = await board(page).boundingBox()
    expect(box?.width).toBeGreaterThan(330)
    await touchStroke(page)
    expect(await colourAt(page, 0.5, 0.5)).toEqual([0xd5, 0x28, 0x2f, 255])
    await field(page, 'Prompt').fill('a photo of a red apple')
    await button(page, 'Settings').click()
    await field(page, 'Sampling steps').fill('151')
    await button(page, 'Settings').click()
    await button(page, 'Generate').click()
    await page.locator('#steps[aria-invalid=true]').waitFor()
    expect(service.complaints.splice(0)).toEqual([expect.stringContaining('422')])
    // The field that is wrong has come into view, above the buttons, and stays there while it is put right.
    await page.waitForTimeout(700)
    const wrong = await field(page, 'Sampling steps').boundingBox()
    expect(wrong?.y).toBeGreaterThan(0)
    expect(wrong?.y).toBeLessThan(700)
    await field(page, 'Sampling steps').press('Backspace')
    await field(page, 'Sampling steps').fill('4')
    await generate(page, 2)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(375)
    await pictures(page).first().click()
    await page.getByRole('dialog').getByText('Use as input').waitFor()
    expect(await page.evaluate(() => document.querySelector('dialog[open]')?.scrollWidth)).toBeLessThanOrEqual(375)
    const shown = await page.locator('.compare .after').boundingBox()
    expect(shown?.width).toBeGreaterThan(300)
    expect(shown?.height).toBeGreaterThan(300)
    await button(page, 'Use as input').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    const { y = -1 } = (await board(page).boundingBox()) ?? {}
    expect(y, 'the board is back in view').toBeGreaterThan(0)
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }
    await field(page, 'Open picture').setInputFiles(file)
    const said = page.getByRole('alert').getByText('This file is no picture')
    await said.waitFor()
    expect((await said.boundingBox())?.y, 'what went wrong is in sight').toBeGreaterThan(0)
    await button(page, 'Close message').click()
    await button(page, 'Inpaint').click()
    await page.getByRole('slider', { name: 'Extend the canvas at the right' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    // All is masked, and what is not masked shall change: only the service notices.
    await button(page, 'Fill all').click()
    await field(page, 'Mask mode').selectOption('black')
    await button(page, 'Generate').click()
    const refusal = page.getByRole('alert').getByText('The mask is empty')
    await refusal.waitFor()
    expect(service.complaints.splice(0)).toEqual([expect.stringContaining('422')])
    await page.waitForTimeout(700)
    const [beside, below] = [await board(page).boundingBox(), await refusal.boundingBox()]
    expect((below?.y ?? 0) - (beside?.y ?? 0) - (beside?.height ?? 0), 'just below the board').toBeLessThan(40)
    expect(below?.y).toBeGreaterThan(0)
    expect(below?.y).toBeLessThan(740)
  })
}

/** Of a part of the page in the light, and of its colours in the dark, in which nothing else differs. */
async function faultsInBoth(page: Page, part = 'html'): Promise<string[]> {
  const inTheLight = await faults(page, part)
  await page.emulateMedia({ colorScheme: 'dark' })
  const inTheDark = await faults(page, part, { runOnly: ['color-contrast', 'link-in-text-block'] })
  await page.emulateMedia({ colorScheme: 'light' })
  return [...inTheLight, ...inTheDark.map((fault) => `in the dark: ${fault}`)]
}

/** Faults that axe calls serious or critical, in words. */
async function faults(page: Page, part = 'html', options: axe.RunOptions = {}): Promise<string[]> {
  // What fades in, or turns light or dark, has its own colours until it is there.
  await page.waitForTimeout(600)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: typeof axe }).axe.run(given.part, given.options),
    { part, options: { ...options, resultTypes: ['violations' as const] } },
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`)
}

const preview = (page: Page) => page.getByRole('img', { name: 'The control image, preprocessed' })

/** Which columns of the control image's preview are white, along its middle row. */
function columnsOf(page: Page): Promise<number[]> {
  return preview(page).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const row = canvas.getContext('2d')?.getImageData(0, canvas.height >> 1, canvas.width, 1).data ?? []
    return Array.from({ length: canvas.width }, (_, x) => x).filter((x) => (row[x * 4] ?? 0) > 127)
  })
}

/** Lets go of a picture file over a place of the page. */
async function dropOn(place: Locator, png: Buffer): Promise<void> {
  const dataTransfer = await place.evaluateHandle(
    (_, bytes) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }))
      return transfer
    },
    [...png],
  )
  await place.dispatchEvent('drop', { dataTransfer })
}

/** What AUTOMATIC1111 calls a LoRA's hash: of its tensors, without the header. */
async function tensorHash(path: string): Promise<string> {
  const file = await readFile(path)
  const tensors = file.subarray(8 + Number(file.readBigUInt64LE(0)))
  return createHash('sha256').update(tensors).digest('hex').slice(0, 12)
}

/** How many control and reference images the browser keeps. */
function keptGuides(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opened = indexedDB.open('pentimento-guides')
        opened.onerror = reject
        opened.onsuccess = () => {
          const all = opened.result.transaction('guides').objectStore('guides').getAll()
          all.onsuccess = () => {
            opened.result.close()
            resolve(all.result.flatMap(Object.values).filter((picture) => picture instanceof Blob).length)
          }
        }
      }),
  )
}

/** Presses Tab until the focus is on an element with this id (#id), role, type or class. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 90; presses++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate((name) => {
      const element = document.activeElement
      if (name.startsWith('#')) return `#${element?.id}` === name
      return (
        element?.getAttribute('role') === name ||
        element?.getAttribute('type') === name ||
        element?.classList.contains(name)
      )
    }, wanted)
    if (found) return
  }
  throw new Error(`Tab never comes to ${wanted}`)
}

/** One finger across the middle of the board. */
async function touchStroke(page: Page): Promise<void> {
  const box = await board(page).boundingBox()
  if (box === null) throw new Error('the board is not on the page')
  const session = await page.context().newCDPSession(page)
  const at = (part: number) => [{ x: box.x + box.width * part, y: box.y + box.height / 2 }]
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0.3) })
  for (const part of [0.4, 0.5, 0.6, 0.7])
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(part) })
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
