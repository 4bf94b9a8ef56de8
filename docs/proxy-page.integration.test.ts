import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { freePort } from '../packages/free-port/src/index.ts'
import { startConsumer } from '../services/api/src/testing/consumer.ts'
import { formOf, request, startService, type TestService } from '../services/api/src/testing/service.ts'

const page = readFileSync(new URL('proxy.md', import.meta.url), 'utf8')
const block = (language: string) => new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? ''
const nginx = process.env.NGINX_PROGRAM ?? 'nginx'

it('says the same of each proxy', () => {
  const [conf, caddy, ingress] = [block('nginx'), block('caddy'), block('yaml')]
  expect(/client_max_body_size (\d+)m/.exec(conf)?.[1]).toBe(/max_size (\d+)MB/.exec(caddy)?.[1])
  expect(ingress).toContain(`proxy-body-size: ${/client_max_body_size (\w+)/.exec(conf)?.[1]}`)
  expect(/proxy-read-timeout: "(\d+)"/.exec(ingress)?.[1]).toBe(/proxy_read_timeout (\d+)s/.exec(conf)?.[1])
})

describe.skipIf(!hasNginx())('the nginx of docs/proxy.md', () => {
  let dir: string
  let service: TestService
  let proxy: ChildProcess
  let url: string
  let key: string

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pentimento-nginx-'))
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    service = await startService(inject('redisUrl'), { auth: 'keys', publicUrl: url })
    key = (await service.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read'] })).token
    const own = block('nginx')
      .replace('listen 443 ssl', `listen 127.0.0.1:${port}`)
      .replace(/^ *ssl_.*\n/gm, '')
      .replaceAll('/var/log/nginx', dir)
      .replace('http://127.0.0.1:8080', service.url)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${dir}/${name};`,
    )
    const http = [`http {`, ...temporary, own, '}']
    const all = ['daemon off;', 'master_process off;', `pid ${dir}/pid;`, 'events {}', ...http].join('\n')
    await writeFile(join(dir, 'nginx.conf'), all)
    proxy = spawn(nginx, ['-c', join(dir, 'nginx.conf'), '-e', join(dir, 'start.log')], { stdio: 'inherit' })
    await vi.waitUntil(() => fetch(`${url}/livez`).catch(() => false), { timeout: 10_000, interval: 100 })
  })
  afterAll(async () => {
    const exited = once(proxy, 'exit')
    proxy.kill()
    await exited
    await service.close()
    await rm(dir, { recursive: true, force: true })
  })

  const send = (path: string, init: RequestInit = {}) =>
    request(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}` } })

  it('lets two large files through, and no more', async () => {
    const file = new Uint8Array(20_000_000)
    const answer = await send('/v1/inpaint', { method: 'POST', body: formOf({ prompt: 'p', image: file, mask: file }) })
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_image' } })
    const tooMuch = await fetch(`${url}/v1/inpaint`, { method: 'POST', body: new Uint8Array(65 * 2 ** 20) })
    expect(tooMuch.status).toBe(413)
  })

  it('passes events on as they come, holds a wait, and writes no token down', async () => {
    const form = new URLSearchParams({ prompt: 'p', width: '64', height: '64', steps: '4' })
    const { body: job } = await send('/v1/txt2img', { method: 'POST', body: form })
    const stream = await fetch(job.urls.events_signed)
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toContain('"status":"queued"')
    const waiting = send(`/v1/jobs/${job.id}?wait=20`)
    const consumer = await startConsumer(service)
    const { body: done } = await waiting
    expect(done.status).toBe('succeeded')
    await reader?.cancel()
    expect((await fetch(done.images[0]?.signed_url ?? '')).status).toBe(200)
    await consumer.shutdown()
    const logged = () => readFile(join(dir, 'pentimento.log'), 'utf8')
    await expect.poll(logged).toContain(`GET /v1/jobs/${job.id}/images/0" 200`)
    expect(await logged()).not.toContain('pmt_')
  })
})

function hasNginx(): boolean {
  try {
    execFileSync(nginx, ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
