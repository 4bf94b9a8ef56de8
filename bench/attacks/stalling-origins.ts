import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Attack, keepDoing } from './context.ts'

/** 64 submits at a time whose `image_url` leads to a server that sends 19 MB of a picture and then nothing. */
export const stallingOrigins: Attack = {
  name: 'stalling-origins',
  async run({ url, token, until }) {
    const most = Buffer.alloc(19_000_000)
    const origin = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': most.length + 1000 })
      response.write(most)
    }).listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port } = origin.address() as AddressInfo
    await keepDoing(64, until, async (n) => {
      const body = new FormData()
      body.append('prompt', 'p')
      body.append('image_url', `http://127.0.0.1:${port}/${n}.png`)
      const headers = { authorization: `Bearer ${token}` }
      await (await fetch(`${url}/v1/img2img`, { method: 'POST', body, headers, signal: until })).text()
    })
    origin.closeAllConnections()
    origin.close()
  },
}
