import { announcedModel } from '../announced-model.ts'
import { type Attack, keepDoing } from './context.ts'
import { plainPng } from './plain-png.ts'

/** Pictures of nearly 20 MB as base64 in JSON, cut off, so that they are read whole and then refused. */
export const jsonPictures: Attack = {
  name: 'json-pictures',
  async run({ url, token, until }) {
    const picture = plainPng(64, 64, 19.9e6).subarray(0, -20).toString('base64')
    const size = { prompt: 'p', width: 64, height: 64 }
    const bodies = Object.entries({
      '/v1/img2img': { ...size, image: picture },
      '/v1/images/edits': { prompt: 'p', image: picture },
      '/sdapi/v1/img2img': { ...size, init_images: [picture], mask: picture },
      '/replicate/v1/predictions': { version: announcedModel.id, input: { image: picture, mask: picture } },
    }).map(([path, body]) => [path, JSON.stringify(body)] as const)
    await keepDoing(2 * bodies.length, until, async (line) => {
      const [path, body] = bodies[line % bodies.length] ?? ['', '']
      const authorization = path.startsWith('/sdapi') ? `Basic ${btoa(`u:${token}`)}` : `Bearer ${token}`
      const headers = { authorization, 'content-type': 'application/json' }
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body, signal: until })
      await answer.text()
    })
  },
}
