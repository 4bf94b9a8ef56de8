import { manyChunks, manyScans, plainPng, textBomb } from '@pentimento/images/testing'
import { type Attack, keepDoing } from './context.ts'

/** Small files that cost a decoder seconds, under new Idempotency-Keys, from clients that hang up after a second. */
export const costlyPictures: Attack = {
  name: 'costly-pictures',
  async run({ url, token, until }) {
    const small = plainPng(64, 64, 3)
    const pictures: [image: Buffer, mask: Buffer | null][] = [
      [manyScans(4096, 4096, 883), null],
      [manyScans(4096, 4096, 64), null],
      [small, plainPng(1, 16_800_000, 1)],
      [plainPng(4096, 4096, 4), plainPng(4096, 4096, 4)],
      [manyChunks(1_700_000), null],
      [textBomb(300), null],
    ]
    let sent = 0
    await keepDoing(2 * pictures.length, until, async (line) => {
      const [image, mask] = pictures[line % pictures.length] ?? [small, null]
      const form = new FormData()
      form.append('prompt', 'p')
      form.append('image', new Blob([Uint8Array.from(image)]), 'image')
      if (mask) form.append('mask', new Blob([Uint8Array.from(mask)]), 'mask')
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `costly-${sent++}` }
      const signal = AbortSignal.any([until, AbortSignal.timeout(1000)])
      await (
        await fetch(`${url}/v1/${mask ? 'inpaint' : 'img2img'}`, { method: 'POST', body: form, headers, signal })
      ).text()
    })
  },
}
