import { type GuideName, takeGuide } from '../state/guides.ts'
import { notice } from '../state/notice.ts'
import { fillLayer, newLayer, pngOf } from '../state/picture.ts'
import { readPicture } from './import-picture.ts'

/** Takes a file as a control or reference image; says so when it is no picture. */
export async function openGuide(name: GuideName, file: Blob): Promise<void> {
  try {
    const drawn = await readPicture(file)
    const { width, height } = drawn.canvas
    // Transparency lies on white, as the api has it.
    const flat = newLayer(width, height)
    fillLayer(flat, '#ffffff')
    flat.drawImage(drawn.canvas, 0, 0)
    takeGuide(name, await pngOf(flat))
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error)
  }
}
