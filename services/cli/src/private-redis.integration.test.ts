import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { isAlive } from './data-dir.ts'
import { startPrivateRedis } from './private-redis.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pentimento-redis-test-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const config = () => loadConfig({ DATA_DIR: dataDir, REDIS_SERVER: process.env.REDIS_SERVER ?? 'redis-server' })

function say(url: string, ...lines: string[]): Promise<string> {
  const { port, password } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.end([`AUTH ${password}`, ...lines, ''].join('\r\n')))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

describe('startPrivateRedis', () => {
  it('keeps what was written, forgets nothing and evicts nothing', async () => {
    const first = await startPrivateRedis(config())
    expect(await say(first.url, 'SET kept yes', 'CONFIG GET maxmemory-policy', 'CONFIG GET appendonly')).toMatch(
      /OK[\s\S]*noeviction[\s\S]*yes/,
    )
    await first.program.stop(10_000)
    const second = await startPrivateRedis(config())
    expect(await say(second.url, 'GET kept')).toContain('yes')
    await second.program.stop(10_000)
    expect(isAlive(second.program.pid ?? -1)).toBe(false)
  })

  it('refuses who does not know the password, and shows it to nobody', async () => {
    const redis = await startPrivateRedis(config())
    const { password, host } = new URL(redis.url)
    expect(await say(`redis://:wrong@${host}`, 'PING')).toContain('WRONGPASS')
    expect(await readFile(`/proc/${redis.program.pid}/cmdline`, 'utf8').catch(() => '')).not.toContain(password)
    const files = await readdir(join(dataDir, 'redis'), { recursive: true, withFileTypes: true })
    for (const file of files.filter((entry) => entry.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(password)
    await redis.program.stop(10_000)
  })

  it('ends a Redis that a killed start left behind before it starts its own', async () => {
    const orphan = await startPrivateRedis(config())
    await say(orphan.url, 'SET kept yes')
    const heir = await startPrivateRedis(config())
    expect(isAlive(orphan.program.pid ?? -1)).toBe(false)
    expect(await say(heir.url, 'GET kept')).toContain('yes')
    await heir.program.stop(10_000)
  })

  it('says when the program cannot be started', async () => {
    const broken = loadConfig({ DATA_DIR: dataDir, REDIS_SERVER: join(dataDir, 'no-such-program') })
    await expect(startPrivateRedis(broken)).rejects.toThrow(/private Redis did not start.*could not be started/)
  })
})
