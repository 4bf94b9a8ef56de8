import type { Page } from 'playwright-core'

/**
 * Counts the pixels of the first pictures of two jobs that differ (in any channel, by any amount), near a point (parts
 * of width and height) and further from it than `radius` (part of the width).
 */
export function differingPixels(
  page: Page,
  before: string,
  after: string,
  [x, y]: readonly [number, number],
  radius: number,
): Promise<{ near: number; far: number }> {
  return page.evaluate(
    async ({ jobs, centre, reach }) => {
      const pixels = async (job: string) => {
        const bitmap = await createImageBitmap(await (await fetch(`v1/jobs/${job}/images/0`)).blob())
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
        const context = canvas.getContext('2d')
        context?.drawImage(bitmap, 0, 0)
        return context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? new ImageData(1, 1)
      }
      const [a, b] = await Promise.all(jobs.map(pixels))
      if (!a || !b || a.width !== b.width || a.height !== b.height) throw new Error('the pictures differ in size')
      const counts = { near: 0, far: 0 }
      for (let index = 0; index < a.width * a.height; index++) {
        const same = [0, 1, 2].every((channel) => a.data[index * 4 + channel] === b.data[index * 4 + channel])
        if (same) continue
        const dx = ((index % a.width) + 0.5) / a.width - centre[0]
        const dy = (Math.floor(index / a.width) + 0.5) / a.height - centre[1]
        counts[Math.hypot(dx, dy) > reach ? 'far' : 'near']++
      }
      return counts
    },
    { jobs: [before, after], centre: [x, y] as const, reach: radius },
  )
}
