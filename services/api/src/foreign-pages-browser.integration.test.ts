import { encode } from '@pentimento/images'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasChromium, type OtherSite, openBrowser, runIn, startOtherSite } from './testing/browser.ts'
import { formOf, request, startService, type TestService } from './testing/service.ts'

describe.skipIf(!hasChromium)('without keys, in a browser', () => {
  let evil: OtherSite
  let browser: Browser
  let target: TestService
  let job: string

  beforeAll(async () => {
    target = await startService(inject('redisUrl'), { host: '127.0.0.1' })
    evil = await startOtherSite()
    browser = await openBrowser(['evil.example', 'rebound.example'])
    const data = new Uint8Array(64 * 64 * 3).fill(90)
    const image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
    job = (await request(`${target.url}/v1/img2img`, { method: 'POST', body: formOf({ prompt: 'p', image }) })).body.id
  })
  afterAll(async () => {
    await browser.close()
    evil.close()
    await target.close()
  })

  const open = async (url: string): Promise<Page> => {
    const page = await browser.newPage()
    await page.goto(url)
    return page
  }
  const port = (url: string) => new URL(url).port
  const untouched = async () => {
    const { data } = (await request<{ data: { id: string; status: string }[] }>(`${target.url}/v1/jobs`)).body
    expect(data).toMatchObject([{ id: job, status: 'queued' }])
    expect(await target.state.webhooks.secrets('default')).toEqual([])
  }

  /** What a page can try without being asked for leave, and with. */
  const attacks = `
    const tried = []
    const attempt = async (name, act) => tried.push([name, await act().then((answer) => answer?.type + ' ' + answer?.status, String)])
    const form = () => {
      const data = new FormData()
      data.append('prompt', 'evil')
      data.append('image', new Blob([Uint8Array.from(atob(given.image), (letter) => letter.charCodeAt(0))]), 'image.png')
      return data
    }
    const post = (path, body, init = {}) => fetch(given.url + path, { method: 'POST', mode: 'no-cors', body, ...init })
    await attempt('submit', () => post('/v1/img2img', form()))
    await attempt('rotate', () => post('/v1/webhook-secret/rotate'))
    await attempt('rotate, as text', () => post('/v1/webhook-secret/rotate', '{}'))
    await attempt('cancel', () => post('/v1/jobs/' + given.job + '/cancel', new URLSearchParams({ a: '1' })))
    await attempt('delete', () => fetch(given.url + '/v1/jobs/' + given.job, { method: 'DELETE' }))
    await attempt('without referrer', () => post('/v1/webhook-secret/rotate', undefined, { referrerPolicy: 'no-referrer' }))
    await attempt('beacon', async () => navigator.sendBeacon(given.url + '/v1/webhook-secret/rotate', form()) && undefined)
    for (const sandbox of [null, 'allow-scripts allow-forms']) {
      const frame = document.createElement('iframe')
      if (sandbox !== null) frame.sandbox = sandbox
      frame.srcdoc = '<form method="post" enctype="multipart/form-data" action="' + given.url + '/v1/webhook-secret/rotate"></form><script>document.forms[0].submit()</' + 'script>'
      document.body.append(frame)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    await attempt('image', () => new Promise((resolve) => {
      const image = new Image()
      image.onload = image.onerror = () => resolve()
      image.src = given.url + '/v1/jobs/' + given.job + '/cancel'
    }))
    const read = await fetch(given.url + '/v1/jobs').then((answer) => answer.text(), () => 'nothing')
    return { tried, read }`

  it.each([
    ['another port of this machine', () => evil.origin],
    ['another site', () => `http://evil.example:${port(evil.origin)}`],
  ])('a page of %s changes and reads nothing', async (_, url) => {
    const page = await open(url())
    const image = (
      await encode(
        { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) },
        { format: 'png', quality: 90, metadata: null },
      )
    ).toString('base64')
    const { tried, read } = await runIn<{ tried: string[][]; read: string }>(
      page,
      { url: target.url, job, image },
      attacks,
    )
    expect(tried.length).toBe(8)
    expect(read).toBe('nothing')
    await untouched()
    await page.close()
  })

  it('a page whose name was made to lead here changes and reads nothing', async () => {
    // To its browser the page below is of the api's own origin: this is what DNS rebinding arrives at.
    const url = `http://rebound.example:${port(target.url)}`
    const page = await open(`${url}/livez`)
    const { tried, read } = await runIn<{ tried: string[][]; read: string }>(page, { url, job, image: '' }, attacks)
    expect(tried).toContainEqual(['submit', 'basic 421'])
    expect(tried).toContainEqual(['delete', 'basic 421'])
    expect(read).not.toContain(job)
    await untouched()
    await page.close()
  })

  it('the own page of the service still does all of it', async () => {
    for (const host of ['127.0.0.1', 'localhost', 'a.localhost']) {
      const url = `http://${host}:${port(target.url)}`
      const page = await open(`${url}/livez`)
      const status = await runIn<number>(
        page,
        { url },
        `return (await fetch(given.url + '/v1/webhook-secret/rotate', { method: 'POST' })).status`,
      )
      expect(status, host).toBe(200)
      await page.close()
    }
  })
})
