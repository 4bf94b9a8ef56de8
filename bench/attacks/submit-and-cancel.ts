import { randomBytes } from 'node:crypto'
import { plainPng, pngChunk } from '@pentimento/images/testing'
import { type Attack, keepDoing } from './context.ts'

/**
 * Uploads of 19 MB whose jobs are canceled at once: the work is given back, and what was stored stays as long as the
 * job is kept.
 */
export const submitAndCancel: Attack = {
  name: 'submit-and-cancel',
  async run({ url, token, until }) {
    const image = plainPng(64, 64, 3, [pngChunk('teSt', randomBytes(19_000_000))])
    const headers = { authorization: `Bearer ${token}` }
    await keepDoing(2, until, async () => {
      const form = new FormData()
      form.append('prompt', 'p')
      form.append('expires_in', String(30 * 86_400))
      form.append('image', new Blob([Uint8Array.from(image)]), 'image')
      const submitted = await fetch(`${url}/v1/img2img`, { method: 'POST', body: form, headers, signal: until })
      const { id } = (await submitted.json()) as { id?: string }
      if (id === undefined) throw new Error('refused')
      await (await fetch(`${url}/v1/jobs/${id}/cancel`, { method: 'POST', headers })).text()
    })
  },
}
