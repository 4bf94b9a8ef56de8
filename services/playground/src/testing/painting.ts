import type { Locator, Page } from 'playwright-core'

/** The longest that a few steps take on a machine that has much else to do. */
export const patienceMs = 90_000

export const board = (page: Page): Locator => page.getByRole('application')
export const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true })
export const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })
/** The results, each a button that opens the viewer. */
export const pictures = (page: Page): Locator => page.getByRole('button', { name: /^Look at picture/ })

/** Moves the pressed mouse along points, in parts of the board's width and height. */
export async function stroke(page: Page, points: readonly (readonly [number, number])[]): Promise<void> {
  const box = await board(page).boundingBox()
  if (box === null) throw new Error('the board is not on the page')
  const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const)
  if (first === undefined) return
  await page.mouse.move(...first)
  await page.mouse.down()
  for (const point of rest) await page.mouse.move(...point, { steps: 2 })
  await page.mouse.up()
}

/** A crude strawberry: a red scribble, a green top. */
export async function drawStrawberry(page: Page): Promise<void> {
  await button(page, 'Brush').click()
  await field(page, 'Size').fill('46')
  await button(page, 'Madder red').click()
  await stroke(page, [
    [0.36, 0.36],
    [0.64, 0.36],
    [0.34, 0.44],
    [0.66, 0.44],
    [0.37, 0.53],
    [0.63, 0.53],
    [0.42, 0.62],
    [0.58, 0.62],
    [0.5, 0.7],
  ])
  await field(page, 'Size').fill('26')
  await button(page, 'Leaf').click()
  await stroke(page, [
    [0.34, 0.29],
    [0.45, 0.26],
    [0.5, 0.31],
    [0.56, 0.26],
    [0.66, 0.29],
  ])
  await stroke(page, [
    [0.5, 0.28],
    [0.53, 0.19],
  ])
}

/** Asks for pictures and waits until as many as that are among the results. */
export async function generate(page: Page, pictureCount: number): Promise<void> {
  await button(page, 'Generate').click()
  const last = pictures(page).nth(pictureCount - 1)
  await last.waitFor({ timeout: patienceMs })
  await last.locator('img').evaluate((image: HTMLImageElement) => image.decode())
}

/** The colour of the board at a point (parts of its width and height), as shown. */
export function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  return pixelAt(page, 0, x, y)
}

/** How strongly the mask covers a point, 0–255, as it was painted. */
export async function maskAt(page: Page, x: number, y: number): Promise<number> {
  return (await pixelAt(page, 1, x, y))[3] ?? 0
}

function pixelAt(page: Page, canvasIndex: number, x: number, y: number): Promise<number[]> {
  return board(page).evaluate(
    async (element, [index, px, py]) => {
      // Changes show with the next frame.
      for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
      const canvas = element.querySelectorAll('canvas')[index]
      // The page's own canvas is made to be shown, not read.
      const copy = new OffscreenCanvas(1, 1).getContext('2d')
      if (!canvas || !copy) throw new Error('no canvas')
      copy.drawImage(canvas, -Math.floor(px * canvas.width), -Math.floor(py * canvas.height))
      return [...copy.getImageData(0, 0, 1, 1).data]
    },
    [canvasIndex, x, y] as const,
  )
}

/** A PNG file of 96 × 64 pixels, drawn in the browser. */
export async function pngFile(
  page: Page,
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const bytes = await page.evaluate(`(async () => {
    const canvas = new OffscreenCanvas(96, 64)
    ;(${draw})(canvas.getContext('2d'))
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]
  })()`)
  return { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from(bytes as number[]) }
}
