import type { Page } from 'playwright-core'
import { beforeEach, expect, it } from 'vitest'
import { visit } from '../browser.ts'
import { board, button, colourAt, drawStrawberry, field, pngFile, stroke } from '../painting.ts'
import type { Service } from '../service.ts'

/** What can be drawn, and with what. */
export function drawingTests(service: Service): void {
  let page: Page
  beforeEach(async () => {
    page = await visit(service.browser, service.url, service.complaints)
    await page.locator('#model option').first().waitFor({ state: 'attached' })
  })

  it('draws with a mouse, undoes, erases and fills', async () => {
    await drawStrawberry(page)
    await button(page, 'Fill').click()
    await button(page, 'Sky').click()
    await board(page).click({ position: { x: 20, y: 20 } })
    expect(await colourAt(page, 0.9, 0.9)).toEqual([0x7d, 0xb9, 0xe3, 255])
    expect(await colourAt(page, 0.5, 0.44)).toEqual([0xd5, 0x28, 0x2f, 255])
    await button(page, 'Undo').click()
    expect(await colourAt(page, 0.9, 0.9)).toEqual([255, 255, 255, 255])
    await button(page, 'Eyedropper').click()
    await board(page).click({ position: await middleOf(page) })
    expect(await button(page, 'Brush').getAttribute('aria-pressed')).toBe('true')
    expect(await field(page, 'Any colour').inputValue()).toBe('#d5282f')
    await button(page, 'Eraser').click()
    await stroke(page, [
      [0.4, 0.44],
      [0.6, 0.44],
    ])
    expect(await colourAt(page, 0.5, 0.44)).toEqual([255, 255, 255, 255])
    await button(page, 'Undo').click()
    expect(await colourAt(page, 0.5, 0.44)).toEqual([0xd5, 0x28, 0x2f, 255])
    await button(page, 'Redo').click()
    expect(await colourAt(page, 0.5, 0.44)).toEqual([255, 255, 255, 255])
    await button(page, 'Undo').click()
    await field(page, 'Background colour').fill('#2b53b6')
    expect(await colourAt(page, 0.9, 0.9)).toEqual([0x2b, 0x53, 0xb6, 255])
    expect(await colourAt(page, 0.5, 0.44)).toEqual([0xd5, 0x28, 0x2f, 255])
    const hint = page.getByText('Draw something crude here')
    expect(await hint.count()).toBe(0)
    await button(page, 'Clear drawing').click()
    await hint.waitFor()
    expect(await colourAt(page, 0.5, 0.44)).toEqual([0x2b, 0x53, 0xb6, 255])
  })

  it('takes a pen’s pressure as the width, and lays paint on as thinly as the opacity says', async () => {
    await field(page, 'Size').fill('60')
    await penStroke(page, 0.3, 0.1)
    await penStroke(page, 0.6, 1)
    const besides = 20 / 512
    expect(await colourAt(page, 0.5, 0.3)).toEqual([0xd5, 0x28, 0x2f, 255])
    expect(await colourAt(page, 0.5, 0.3 + besides)).toEqual([255, 255, 255, 255])
    expect(await colourAt(page, 0.5, 0.6 + besides)).toEqual([0xd5, 0x28, 0x2f, 255])
    await field(page, 'Opacity').fill('0.5')
    // There and back: what crosses itself is no thicker.
    await stroke(page, [
      [0.2, 0.8],
      [0.8, 0.8],
      [0.2, 0.8],
    ])
    const [red, green, blue] = await colourAt(page, 0.5, 0.8)
    expect(Math.abs((red ?? 0) - 234)).toBeLessThan(3)
    expect(Math.abs((green ?? 0) - 147.5)).toBeLessThan(3)
    expect(Math.abs((blue ?? 0) - 151)).toBeLessThan(3)
  })

  it.each(['drop', 'paste'] as const)('takes a picture by %s, and says so of what is none', async (way) => {
    const { buffer } = await pngFile(page, (context) => {
      context.fillStyle = '#2b53b6'
      context.fillRect(0, 0, 96, 64)
    })
    await bring(page, way, 'image/png', [...buffer])
    await expect.poll(() => colourAt(page, 0.5, 0.5)).toEqual([0x2b, 0x53, 0xb6, 255])
    expect([await field(page, 'Width').inputValue(), await field(page, 'Height').inputValue()]).toEqual(['160', '104'])
    if (way === 'paste') return
    await bring(page, way, 'text/plain', [65])
    await page.getByRole('alert').getByText('This file is no picture').waitFor()
  })
}

/** A stroke of a pen across the board at a height (part of the board's) with a pressure of 0–1. */
async function penStroke(page: Page, y: number, force: number): Promise<void> {
  const box = await board(page).boundingBox()
  if (box === null) throw new Error('the board is not on the page')
  const session = await page.context().newCDPSession(page)
  const at = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number) =>
    session.send('Input.dispatchMouseEvent', {
      type,
      x: box.x + box.width * x,
      y: box.y + box.height * y,
      pointerType: 'pen',
      button: 'left',
      buttons: 1,
      force,
    })
  await at('mousePressed', 0.2)
  for (const x of [0.35, 0.5, 0.65, 0.8]) await at('mouseMoved', x)
  await at('mouseReleased', 0.8)
}

/** Drops a file on the page, beside the board, or pastes it. */
async function bring(page: Page, way: 'drop' | 'paste', type: string, bytes: number[]): Promise<void> {
  await page.evaluate(
    (file) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(file.bytes)], 'file', { type: file.type }))
      const event =
        file.way === 'drop'
          ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      document.querySelector('h1')?.dispatchEvent(event)
      if (!event.defaultPrevented) throw new Error('the browser would take the file itself')
    },
    { way, type, bytes },
  )
}

async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  const box = await board(page).boundingBox()
  return { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) * 0.44 }
}
