import { readFile } from 'node:fs/promises'
import type { Job } from '@pentimento/contracts'
import type { Page } from 'playwright-core'
import { beforeEach, expect, it } from 'vitest'
import { visit } from '../browser.ts'
import { differingPixels } from '../compare-pictures.ts'
import {
  board,
  button,
  colourAt,
  drawStrawberry,
  field,
  generate,
  maskAt,
  patienceMs,
  pictures,
  pngFile,
  stroke,
} from '../painting.ts'
import type { Service } from '../service.ts'

const prompt = 'a photo of a red strawberry on a white background'

/** Runs, from the drawing to the results, and what is kept of them. */
export function runsTests(service: Service): void {
  let page: Page
  beforeEach(async () => {
    page = await visit(service.browser, service.url, service.complaints)
  })

  const jobs = async (): Promise<Job[]> => (await (await fetch(`${service.url}/v1/jobs`)).json()).data

  it('draws a strawberry, shows progress, brings two pictures, and takes one as the next input', async () => {
    await drawStrawberry(page)
    expect(await colourAt(page, 0.5, 0.44)).toEqual([0xd5, 0x28, 0x2f, 255])
    expect(await colourAt(page, 0.05, 0.05)).toEqual([255, 255, 255, 255])
    await field(page, 'Prompt').fill(prompt)
    // Progress comes four times a second at most: long enough that even a fast machine tells some.
    await field(page, 'Sampling steps').fill('40')
    await page.getByText('31 of 40 steps will run').waitFor()
    await page.evaluate(recordProgress)
    await generate(page, 2)
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen)
    expect(seen.length).toBeGreaterThan(2)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))

    const [job] = await jobs()
    expect(job).toMatchObject({ kind: 'img2img', parameters: { prompt, steps: 40, num_images: 2 } })
    await pictures(page).first().click()
    const viewer = page.getByRole('dialog')
    await viewer.getByText(String(job?.images[0]?.seed)).first().waitFor()
    await viewer.getByLabel('Before and after').fill('50')
    await button(page, 'Use as input').click()
    await viewer.waitFor({ state: 'hidden' })
    expect(await colourAt(page, 0.5, 0.5)).not.toEqual([0xd5, 0x28, 0x2f, 255])
    await field(page, 'Sampling steps').fill('8')
    await generate(page, 4)
    await pictures(page).first().click()
    await viewer.getByRole('button', { name: 'Made from an earlier result' }).click()
    await viewer.getByText(String(job?.images[0]?.seed)).first().waitFor()
    await viewer.getByRole('button', { name: 'Made from this: 1' }).waitFor()
  })

  it('paints from words alone, without a board', async () => {
    await button(page, 'Text').click()
    await page.locator('.board').waitFor({ state: 'detached' })
    for (const label of ['Denoising strength', 'Resize mode']) expect(await field(page, label).count()).toBe(0)
    await field(page, 'Prompt').fill(prompt)
    await field(page, 'Sampling steps').fill('8')
    await generate(page, 2)
    const [job] = await jobs()
    expect(job).toMatchObject({ kind: 'txt2img', steps_run: 8, parameters: { prompt, steps: 8, num_images: 2 } })
    await pictures(page).first().click()
    const viewer = page.getByRole('dialog')
    await viewer.getByText('/v1/txt2img').waitFor()
    expect(await viewer.getByLabel('Before and after').count()).toBe(0)
    await button(page, 'Use as input').click()
    await page.locator('.board').waitFor()
  })

  it('repaints only what the mask covers', async () => {
    await drawStrawberry(page)
    await field(page, 'Prompt').fill(prompt)
    await field(page, 'Sampling steps').fill('8')
    await field(page, 'Batch').fill('1')
    await generate(page, 1)
    await pictures(page).first().click()
    await button(page, 'Inpaint this').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await field(page, 'Size').fill('60')
    await stroke(page, [
      [0.48, 0.5],
      [0.52, 0.5],
    ])
    await field(page, 'Mask blur').fill('2')
    await field(page, 'Denoising strength').fill('1')
    await field(page, 'Prompt').fill('a photo of a yellow lemon on a white background')
    await generate(page, 2)
    const [repainted, original] = await jobs()
    expect(repainted).toMatchObject({ kind: 'inpaint', parameters: { mask_blur: 2, mask_mode: 'white' } })
    // Half the stroke, half the brush, and 2.5 · blur + 1 pixels of the 128 that the picture is wide.
    const reach = 0.02 + 30 / 512 + 7 / 128
    const { near, far } = await differingPixels(page, original?.id ?? '', repainted?.id ?? '', [0.5, 0.5], reach)
    expect(far).toBe(0)
    expect(near).toBeGreaterThan(50)
  })

  it('opens a picture with its transparent part as the mask, and works on the mask as a whole', async () => {
    await page.locator('#model option').first().waitFor({ state: 'attached' })
    const hole = await pngFile(page, (context) => {
      context.fillStyle = '#2b53b6'
      context.fillRect(0, 0, 96, 64)
      context.clearRect(0, 0, 48, 64)
    })
    await field(page, 'Open picture').setInputFiles(hole)
    await field(page, 'Mask blur').waitFor()
    expect([await field(page, 'Width').inputValue(), await field(page, 'Height').inputValue()]).toEqual(['160', '104'])
    const masked = () => Promise.all([0.1, 0.45, 0.55, 0.9].map(async (x) => (await maskAt(page, x, 0.5)) > 127))
    expect(await masked()).toEqual([true, true, false, false])
    await button(page, 'Invert').click()
    expect(await masked()).toEqual([false, false, true, true])
    for (let i = 0; i < 6; i++) await button(page, 'Grow').click()
    expect(await masked()).toEqual([false, true, true, true])
    await button(page, 'Clear mask').click()
    expect(await masked()).toEqual([false, false, false, false])
    const white = await pngFile(page, (context) => {
      context.fillRect(0, 0, 96, 64)
      context.fillStyle = '#fff'
      context.fillRect(72, 0, 24, 64)
    })
    await field(page, 'Open mask').setInputFiles(white)
    await expect.poll(masked).toEqual([false, false, false, true])
    const handle = page.getByRole('slider', { name: 'Extend the canvas at the left' })
    const before = await board(page).boundingBox()
    for (let i = 0; i < 2; i++) await handle.press('ArrowRight')
    expect(await handle.getAttribute('aria-valuetext')).toBe('16 pixels')
    const after = await board(page).boundingBox()
    // What is beside the picture now is a seventh of the canvas.
    expect((after?.width ?? 0) / (before?.width ?? 1)).toBeCloseTo(6 / 7, 1)
    await field(page, 'Prompt').fill(prompt)
    await field(page, 'Sampling steps').fill('4')
    await generate(page, 2)
    const parameters = { width: 168, height: 96, extend_left: 16, extend_top: 0 }
    expect((await jobs())[0]).toMatchObject({ kind: 'inpaint', parameters })
  })

  it('cancels, one run or many at once', async () => {
    await field(page, 'Batch').fill('8')
    await field(page, 'Sampling steps').fill('150')
    await field(page, 'Denoising strength').fill('1')
    const former = await jobs()
    await button(page, 'Generate').click()
    await page.getByRole('alert').getByText('The canvas is empty').waitFor()
    expect(await jobs()).toHaveLength(former.length)
    // More runs than a browser has connections: their streams must not stand in the way of anything else.
    for (let count = 1; count <= 7; count++) {
      await button(page, count === 1 ? 'Generate anyway' : 'Generate').click()
      await button(page, 'Cancel')
        .nth(count - 1)
        .waitFor()
    }
    for (let left = 7; left > 0; left--) {
      await button(page, 'Cancel').first().click()
      await expect.poll(() => button(page, 'Cancel').count()).toBeLessThan(left)
    }
    await page.getByText('Canceled', { exact: true }).nth(6).waitFor()
    expect((await jobs()).slice(0, 7).map(({ status }) => status)).toEqual(Array(7).fill('canceled'))

    await button(page, 'Sweep').click()
    await page.getByText('5 running').waitFor()
    const row = page.locator('.sweep')
    const cells = row.locator('.cells')
    expect(await cells.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true)
    await row.getByRole('button', { name: 'Cancel' }).click()
    await row.getByText('Canceled').nth(4).waitFor()
    page.once('dialog', (dialog) => void dialog.accept())
    await button(page, 'Remove all that have ended').click()
    expect(await page.getByRole('article').count()).toBe(0)
  })

  it('keeps runs, picture and settings over a reload', async () => {
    await drawStrawberry(page)
    await field(page, 'Prompt').fill(prompt)
    await field(page, 'Sampling steps').fill('16')
    // The picture is kept whenever painting pauses.
    await page.waitForTimeout(1200)
    await button(page, 'Generate').click()
    await button(page, 'Generate').click()
    await page.getByText('2 running').waitFor()
    await page.reload()
    await pictures(page).nth(3).waitFor({ timeout: patienceMs })
    expect(await colourAt(page, 0.5, 0.44)).toEqual([0xd5, 0x28, 0x2f, 255])
    expect(await field(page, 'Prompt').inputValue()).toBe(prompt)
    expect(await field(page, 'Sampling steps').inputValue()).toBe('16')

    await pictures(page).nth(1).click()
    await page.getByRole('dialog').locator('.after').waitFor()
    const linked = await visit(service.browser, page.url(), service.complaints)
    await linked.getByRole('dialog').getByText(prompt).first().waitFor()
    expect(linked.url()).toMatch(/#job_[a-z2-7]{26}\/1$/)
    await linked.context().close()
    await button(page, 'Close').click()
    expect(page.url()).not.toContain('#')

    // What the service has let go is still in the browser, with what it was made of.
    await expect.poll(() => keptPictures(page)).toBe(4)
    for (const { id } of (await jobs()).slice(0, 2)) await fetch(`${service.url}/v1/jobs/${id}`, { method: 'DELETE' })
    await page.reload()
    await pictures(page).nth(3).locator('img').waitFor()
    await field(page, 'Search results').fill('strawberry 1999-01-01')
    await page.getByText('Nothing is found.').waitFor()
    await field(page, 'Search results').fill('photo strawberry')
    const download = page.waitForEvent('download')
    await button(page, 'Export what was found').click()
    const { runs } = JSON.parse(await readFile(await (await download).path(), 'utf8'))
    expect(runs).toHaveLength(2)
    expect(runs[0]).toMatchObject({ kind: 'img2img', fields: { prompt }, job: { parameters: { steps: 16 } } })
    expect(runs[0].thumbnails[1]).toMatch(/^data:image\/webp;base64,/)
    await pictures(page).first().click()
    await page.getByRole('dialog').getByText('this is a small copy of it').waitFor()
    expect(service.complaints.splice(0)).toEqual([expect.stringContaining('410')])
    expect(await button(page, 'Use as input').isDisabled()).toBe(true)
    await button(page, 'Use settings').click()
    expect(await field(page, 'Seed').inputValue()).toBe(String(runs[0].job.parameters.seed))
  })

  it('sweeps five strengths with one seed', async () => {
    await drawStrawberry(page)
    await field(page, 'Prompt').fill(`${prompt}, quux`)
    await field(page, 'Sampling steps').fill('8')
    await button(page, 'Sweep').click()
    await page.getByText('Unknown: quux').waitFor()
    await pictures(page).nth(4).waitFor({ timeout: patienceMs })
    await pictures(page).first().click()
    await page.getByRole('dialog').getByText('1 / 5').waitFor()
    await button(page, 'Next picture').click()
    await page.getByRole('dialog').getByText('2 / 5').waitFor()
    const swept = (await jobs()).slice(0, 5).map(({ parameters }) => parameters)
    expect(swept.map((one) => 'strength' in one && one.strength).sort()).toEqual([0.3, 0.45, 0.6, 0.75, 0.9])
    expect(new Set(swept.map(({ seed }) => seed)).size).toBe(1)
  })

  it('shows what the api says of a value at its field, and goes on once it is right', async () => {
    await button(page, 'Start with an example').click()
    expect(await board(page).evaluate((element) => element === document.activeElement)).toBe(true)
    await field(page, 'Sampling steps').fill('151')
    await button(page, 'Generate').click()
    const steps = field(page, 'Sampling steps')
    await page.locator('#steps[aria-invalid=true]').waitFor()
    const form = new FormData()
    form.append('prompt', '')
    form.append('steps', '151')
    const answer = await (await fetch(`${service.url}/v1/img2img`, { method: 'POST', body: form })).json()
    const said: string = answer.errors.find((error: { pointer: string }) => error.pointer === '/steps').detail
    expect(await page.locator('#steps-error').textContent()).toBe(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`)
    expect(await steps.evaluate((element) => element === document.activeElement)).toBe(true)
    // Chromium reports every answer of 400 and above; this is the one there should be.
    expect(service.complaints.splice(0)).toEqual([expect.stringContaining('422')])
    await steps.fill('5')
    expect(await page.locator('#steps-error').count()).toBe(0)
    await generate(page, 2)
  })

  it('says at once what is missing when nothing is masked', async () => {
    const former = await jobs()
    await drawStrawberry(page)
    await field(page, 'Denoising strength').fill('0.6')
    await button(page, 'Inpaint').click()
    expect(await field(page, 'Denoising strength').inputValue()).toBe('0.75')
    await button(page, 'Generate').click()
    const said = page.getByRole('alert').getByText('Paint over what should change')
    await said.waitFor()
    await button(page, 'Generate').click()
    expect(await jobs()).toHaveLength(former.length)
    await stroke(page, [
      [0.48, 0.5],
      [0.52, 0.5],
    ])
    await said.waitFor({ state: 'detached' })
    await button(page, 'Sketch').click()
    expect(await field(page, 'Denoising strength').inputValue()).toBe('0.6')
  })
}

/** How many small copies of results the browser keeps. */
function keptPictures(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opened = indexedDB.open('pentimento')
        opened.onerror = reject
        opened.onsuccess = () => {
          const all = opened.result.transaction('runs').objectStore('runs').getAll()
          all.onsuccess = () => {
            opened.result.close()
            resolve(all.result.reduce((sum, run) => sum + (run.thumbnails?.length ?? 0), 0))
          }
        }
      }),
  )
}

/** Notes every value that the progress bar takes. */
function recordProgress(): void {
  const seen: number[] = []
  Object.assign(globalThis, { seen })
  new MutationObserver(() => {
    const value = document.querySelector('progress')?.value ?? 0
    if (value > 0 && value !== seen.at(-1)) seen.push(value)
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['value'] })
}
