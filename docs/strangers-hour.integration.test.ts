import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../packages/free-port/src/index.ts'
import { type ApiProcess, startApiProcess } from '../services/api/src/testing/api-process.ts'
import { hasChromium, openBrowser } from '../services/api/src/testing/browser.ts'
import { redisUrlFile } from '../services/cli/src/data-dir.ts'
import { type Stack, startStack } from '../services/cli/src/stack.ts'
import { stackConfig, testSettings } from '../services/cli/src/testing/stack-config.ts'
import { snippetsTests } from './testing/snippets.ts'

/*
 * The first hour of somebody who has README.md and docs/ and nothing else: what is typed here stands there, with another
 * port. README.md's own commands are among them.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)
const documented = 'http://127.0.0.1:8080'

const blocks = [...readFileSync(join(root, 'docs/api.md'), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
const programs = new Map(
  blocks.flatMap(([, , code = '']) => {
    const name = /^(?:\/\/|#) (\w+\.\w+)$/m.exec(code.split('\n')[0] ?? '')?.[1]
    return name === undefined ? [] : [[name, code] as const]
  }),
)

let dir: string
let stack: Stack
const service = { url: '' }
let shared: Record<string, string>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-stranger-'))
  await symlink(join(root, 'assets'), join(dir, 'assets'))
  // As the page says for receiving on one's own machine.
  const local = readFileSync(join(root, 'docs/api.md'), 'utf8').match(/`((?:\w+=\S+ )+)npm start`/)?.[1] ?? ''
  const settings = Object.fromEntries(
    local
      .trim()
      .split(' ')
      .map((pair) => pair.split('=') as [string, string]),
  )
  expect(Object.keys(settings)).toEqual(['WEBHOOK_ALLOW_HTTP', 'OUTBOUND_ALLOW'])
  const secrets = { SECRETS_KEY: randomBytes(32).toString('base64') }
  const config = await stackConfig(join(dir, 'data'), { ...settings, ...secrets })
  stack = await startStack(config, { logLevel: 'error', signal: AbortSignal.timeout(60_000) })
  service.url = stack.url
  const redisUrl = (await readFile(redisUrlFile(join(dir, 'data')), 'utf8')).trim()
  shared = { ...secrets, DATA_DIR: join(dir, 'data'), REDIS_URL: redisUrl, DEFAULT_MODEL: 'tiny-sd1' }
  for (const [name, code] of programs) await writeFile(join(dir, name), code.replaceAll(documented, stack.url))
}, 90_000)
afterAll(async () => {
  await stack?.stop()
  await rm(dir, { recursive: true, force: true })
})

const nodeArgs = ['--disable-warning=ExperimentalWarning']
const node = (file: string, ...args: string[]) => run(process.execPath, [...nodeArgs, file, ...args], { cwd: dir })

/** A server of the reader's own, told its port, from when it listens until `use` has ended. */
async function during(
  file: string,
  env: Record<string, string>,
  use: (port: number, said: () => string) => Promise<void>,
): Promise<void> {
  const port = await freePort()
  const [command, ...args] = file.endsWith('.py') ? ['python3', file] : [process.execPath, ...nodeArgs, file]
  const server = spawn(command ?? '', args, {
    cwd: dir,
    env: { ...testSettings(), ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let text = ''
    server.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
    })
    const listens = () =>
      fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).then(
        () => true,
        () => false,
      )
    await expect.poll(listens).toBe(true)
    await use(port, () => text)
  } finally {
    const exited = once(server, 'exit')
    server.kill()
    await exited
  }
}

async function newSecret(): Promise<string> {
  const answer = await fetch(`${stack.url}/v1/webhook-secret/rotate`, { method: 'POST' })
  return ((await answer.json()) as { secret: string }).secret
}

it('types every shell command of docs/api.md: a submit, a chain in JSON, a repainted part, a secret', async () => {
  const script = blocks.flatMap(([, language, code = '']) => (language === 'bash' ? [code] : []))
  expect(script).toHaveLength(4)
  const strict = script
    .join('\n')
    .replaceAll('curl -s ', 'curl -sS --fail-with-body ')
    .replaceAll(documented, stack.url)
  const PATH = `${join(process.execPath, '..')}:${process.env.PATH}`
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', strict], { cwd: dir, env: { ...process.env, PATH } })
  expect(stdout).toContain('"metadata":{"order":1001}')
  expect(stdout).toMatch(/"kind":"img2img".*"source":\{"job":"job_\w+","index":0\}|"source":\{.*"kind":"img2img"/)
  expect(stdout.match(/"status":"succeeded"/g)).toHaveLength(3)
  expect(stdout).toContain('"kind":"inpaint"')
  expect(stdout).toContain('whsec_')
})

it('runs the programs that submit, wait, fetch, follow and receive', async () => {
  await during('receiver.mts', { WEBHOOK_SECRET: await newSecret() }, async (port, received) => {
    const { stdout } = await node('paint.mts', `http://127.0.0.1:${port}/hook`)
    const id = /^(job_\S+) seed \d+: strawberry-0\.png\n\1 seed \d+: strawberry-1\.png$/m.exec(stdout)?.[1] ?? ''
    expect(id).not.toBe('')
    expect((await readFile(join(dir, 'strawberry-1.png'))).subarray(1, 4).toString()).toBe('PNG')
    await expect.poll(received, { timeout: 20_000 }).toContain(`job.succeeded ${id}`)
    const forged = await fetch(`http://127.0.0.1:${port}/hook`, { method: 'POST', body: '{}' })
    expect(forged.status).toBe(401)
    expect((await node('follow.mts', `${stack.url}/v1/jobs/${id}/events`)).stdout).toBe('succeeded\n')
  })
})

it.skipIf(!hasRequests())('runs them in Python', async () => {
  await during('receiver.py', { WEBHOOK_SECRET: await newSecret() }, async (port, received) => {
    await rm(join(dir, 'strawberry-0.png'), { force: true })
    const { stdout } = await run('python3', ['paint.py'], { cwd: dir })
    expect(stdout).toMatch(/^job_\S+ seed \d+$/m)
    expect((await readFile(join(dir, 'strawberry-0.png'))).subarray(1, 4).toString()).toBe('PNG')
    const body = new URLSearchParams({ prompt: 'x', steps: '2', webhook_url: `http://127.0.0.1:${port}/` })
    const job = (await (await fetch(`${stack.url}/v1/txt2img`, { method: 'POST', body })).json()) as { id: string }
    await expect.poll(received, { timeout: 20_000 }).toContain(`job.succeeded ${job.id}`)
  })
})

it.skipIf(!hasChromium)('makes a key, and a page of its own that paints without being told the key', async () => {
  const made =
    /npm run keys -- (create --tenant acme)/.exec(readFileSync(join(root, 'docs/keys.md'), 'utf8'))?.[1] ?? ''
  const cli = [...nodeArgs, '--conditions=source', join(root, 'services/cli/src/main.ts'), 'keys', ...made.split(' ')]
  const { stdout } = await run(process.execPath, cli, { env: { ...testSettings(), ...shared } })
  const key = /pmt_\w+_[\w-]+/.exec(stdout)?.[0] ?? ''
  expect(key).not.toBe('')
  let keyed: ApiProcess | undefined
  const browser = await openBrowser()
  try {
    const apiPort = await freePort()
    const api = `http://127.0.0.1:${apiPort}`
    await writeFile(join(dir, 'gallery.mts'), (programs.get('gallery.mts') ?? '').replaceAll(documented, api))
    await during('gallery.mts', { PENTIMENTO_KEY: key }, async (port) => {
      const origin = `http://127.0.0.1:${port}`
      keyed = await startApiProcess(apiPort, { ...shared, AUTH: 'keys', CORS_ORIGINS: origin })
      const page = await browser.newPage()
      const asked: string[] = []
      page.on('request', (request) => void asked.push(`${request.url()} ${JSON.stringify(request.headers())}`))
      await page.goto(origin)
      const image = page.locator('img')
      await image.waitFor({ timeout: 30_000 })
      await expect.poll(() => image.evaluate((one: { naturalWidth: number }) => one.naturalWidth)).toBeGreaterThan(0)
      expect(asked.filter((request) => request.startsWith(`${api}/v1/jobs/`)).length).toBe(2)
      expect(asked.join('\n')).not.toContain(key)
    })
  } finally {
    await browser.close()
    await keyed?.stop()
  }
})

snippetsTests(service)

function hasRequests(): boolean {
  try {
    execFileSync('python3', ['-c', 'import requests'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
