import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../packages/free-port/src/index.ts'
import { type Stack, startStack } from '../services/cli/src/stack.ts'
import { stackConfig } from '../services/cli/src/testing/stack-config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

let dir: string
let stack: Stack
let blocks: { language: string; code: string }[]

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-api-page-'))
  await symlink(join(root, 'assets'), join(dir, 'assets'))
  const config = await stackConfig(join(dir, 'data'), { WEBHOOK_ALLOW_HTTP: 'on', OUTBOUND_ALLOW: '127.0.0.1' })
  stack = await startStack(config, { logLevel: 'error', signal: AbortSignal.timeout(60_000) })
  const page = await readFile(join(root, 'docs/api.md'), 'utf8')
  blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = '', code = '']) => ({
    language,
    code: code.replaceAll('http://127.0.0.1:8080', stack.url),
  }))
  for (const { language, code } of blocks) {
    const name = language === 'ts' ? /^\/\/ (\S+)/.exec(code)?.[1] : undefined
    if (name !== undefined) await writeFile(join(dir, name), code)
  }
}, 90_000)

afterAll(async () => {
  await stack?.stop()
  await rm(dir, { recursive: true, force: true })
})

const typescript = (file: string, ...args: string[]) =>
  run(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], { cwd: dir })

describe('docs/api.md', () => {
  it('shows shell commands that work', async () => {
    const script = blocks.filter(({ language }) => language === 'bash').map(({ code }) => code)
    expect(script).toHaveLength(2)
    const strict = script.join('\n').replaceAll('curl -s ', 'curl -sS --fail-with-body ')
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', strict], { cwd: dir })
    expect(stdout).toContain('"metadata":{"order":1001}')
    expect(stdout).toContain('whsec_')
  }, 90_000)

  it('shows programs that submit, wait, fetch, follow and receive', async () => {
    const rotate = await fetch(`${stack.url}/v1/webhook-secret/rotate`, { method: 'POST' })
    const { secret } = (await rotate.json()) as { secret: string }
    const port = await freePort()
    const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) }
    const args = ['--disable-warning=ExperimentalWarning', 'receiver.ts']
    const receiver = spawn(process.execPath, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      let received = ''
      receiver.stdout.setEncoding('utf8').on('data', (text: string) => {
        received += text
      })
      await expect.poll(() => received, { timeout: 10_000 }).toContain('listening')
      const { stdout } = await typescript('paint.ts', `http://127.0.0.1:${port}/hook`)
      const id = /^(job_\S+) seed \d+: strawberry-0\.png\n\1 seed \d+: strawberry-1\.png$/m.exec(stdout)?.[1] ?? ''
      expect(id).not.toBe('')
      expect((await readFile(join(dir, 'strawberry-1.png'))).subarray(1, 4).toString()).toBe('PNG')
      await expect.poll(() => received, { timeout: 20_000 }).toContain(`job.succeeded ${id}`)
      const forged = await fetch(`http://127.0.0.1:${port}/hook`, { method: 'POST', body: '{}' })
      expect(forged.status).toBe(401)
      expect((await typescript('follow.ts', `${stack.url}/v1/jobs/${id}/events`)).stdout).toBe('succeeded\n')
    } finally {
      const exited = once(receiver, 'exit')
      receiver.kill()
      await exited
    }
  }, 90_000)
})
