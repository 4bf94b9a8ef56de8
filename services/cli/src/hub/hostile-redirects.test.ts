import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, HostileHub } from '../testing/hostile-hub.ts'
import { json, startLocalHub } from '../testing/local-hub.ts'
import { redirectTarget } from './hub-fetch.ts'

const hub = new HostileHub()
const unet = 'unet/model.onnx'

describe('a hub that leads elsewhere', () => {
  const redirect = (location: string, times = Number.POSITIVE_INFINITY) => {
    let left = times
    return (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.endsWith('/unet/model.onnx') || left-- <= 0) return false
      response.writeHead(302, { location }).end()
      return true
    }
  }

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'http://user:pw@127.0.0.1/x',
    'data:,x',
    'http://',
    'javascript:1',
  ])('to %s is not followed', async (location) => {
    expect(await hub.refused({ answer: redirect(location) })).toMatch(/the hub redirects to .*no address of the kind/)
  })

  it('in a circle is not followed for ever', async () => {
    const answer = redirect('/them/tiny/resolve/x/unet/model.onnx')
    expect(await hub.refused({ answer })).toMatch(/redirects more than 5 times/)
  })

  it('is asked for further pages itself, wherever their links lead', async () => {
    const elsewhere = await startLocalHub({ repo: 'them/tiny', files: {} })
    try {
      const answer = (path: string, request: IncomingMessage, response: ServerResponse) => {
        if (!path.includes('/tree/') || request.url?.includes('cursor=')) return false
        const entries: unknown[] = []
        response.setHeader('Link', `<${elsewhere.url}/api/secret?recursive=true&cursor=0>; rel="next"`)
        json(response, entries)
        return true
      }
      const dir = await hub.pull({ answer, token: 'hf_token' }, { token: 'hf_token' })
      expect(await readFile(join(dir, unet))).toEqual(files[unet])
      expect([elsewhere.requests, hub.current?.leaked]).toEqual([[], []])
    } finally {
      await elsewhere.close()
    }
  })

  it('with a listing that never ends is left', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => ({ type: 'directory', path: `d${i}`, size: 0 }))
    const answer = (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.includes('/tree/')) return false
      response.setHeader('Link', `<${hub.current?.url}/x?cursor=1>; rel="next"`)
      json(response, many)
      return true
    }
    expect(await hub.refused({ answer })).toMatch(/the listing of the repository does not end/)
    expect(hub.current?.requests.length).toBeLessThan(10)
  })

  // By addresses alone, so that no name server is asked.
  it.each([
    'https://127.0.0.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1:6379/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'https://2130706433/',
    'http://1.1.1.1/',
    '//127.0.0.1/x',
  ])('and stands in the internet leads to nothing inside: %s', async (location) => {
    const hub = new URL('https://8.8.8.8/')
    await expect(redirectTarget(hub, location, hub)).rejects.toThrow(/the hub redirects to/)
  })

  it('leads to any other server of the internet, and one inside to others inside', async () => {
    const [open, inside] = [new URL('https://8.8.8.8/a/b'), new URL('http://10.1.1.1/')]
    expect((await redirectTarget(open, 'https://1.1.1.1/x?y', open)).href).toBe('https://1.1.1.1/x?y')
    expect((await redirectTarget(open, '../c', open)).href).toBe('https://8.8.8.8/c')
    expect((await redirectTarget(inside, 'http://10.2.2.2/', inside)).href).toBe('http://10.2.2.2/')
  })
})
