import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@pentimento/free-port'
import { type ChildProgram, startProgram } from './child-program.ts'
import type { CliConfig } from './config.ts'
import { isAlive, readPid } from './data-dir.ts'

const startTimeoutMs = 60_000

/** Starts a Redis that only this stack knows: loopback, random port, random password, append-only file in DATA_DIR. */
export async function startPrivateRedis(config: CliConfig): Promise<{ url: string; program: ChildProgram }> {
  const dir = join(config.storage.dataDir, 'redis')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  await endOrphan(join(dir, 'redis.pid'))
  const port = await freePort()
  const password = randomBytes(24).toString('hex')
  const common = ['appendonly yes', 'save ""', 'maxmemory-policy noeviction', 'daemonize no', `requirepass ${password}`]
  const program = config.redisServer
    ? startServer(config.redisServer, [
        ...common,
        'bind 127.0.0.1',
        `port ${port}`,
        `dir "${dir}"`,
        `pidfile "${join(dir, 'redis.pid')}"`,
      ])
    : config.redisDocker
      ? startContainer(config.redisDocker, dir, port, common)
      : null
  if (program === null) throw new Error('no Redis: set REDIS_URL, or install redis-server or valkey-server')
  await Promise.race([
    answers(port, password),
    program.ended.then((how) => {
      const remedy = config.redisServer ? '' : '; install redis-server (7 or newer), start Docker, or set REDIS_URL'
      throw new Error(`the private Redis did not start: ${how}${remedy}`)
    }),
  ])
  return { url: `redis://:${password}@127.0.0.1:${port}`, program }
}

// The configuration goes through standard input, so that the password shows in no process list and in no file.
function startServer(path: string, lines: string[]): ChildProgram {
  return startProgram('redis', path, ['-'], { env: {}, output: 'ignore', input: `${lines.join('\n')}\n` })
}

function startContainer(docker: string, dir: string, port: number, lines: string[]): ChildProgram {
  const run = [
    'run',
    '--rm',
    '-i',
    '-p',
    `127.0.0.1:${port}:6379`,
    '-v',
    `${dir}:/data`,
    'redis:7-alpine',
    'redis-server',
    '-',
  ]
  return startProgram('redis', docker, run, {
    env: {},
    output: 'ignore',
    input: `${[...lines, 'dir /data', 'protected-mode no'].join('\n')}\n`,
  })
}

/** Resolves when the server has loaded its data and answers PING with PONG. */
async function answers(port: number, password: string): Promise<void> {
  const until = Date.now() + startTimeoutMs
  while (Date.now() < until) {
    if ((await ask(port, `AUTH ${password}\r\nPING\r\n`)).includes('+PONG')) return
    await sleep(50)
  }
  throw new Error(`the private Redis did not answer within ${startTimeoutMs / 1000} s`)
}

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(command))
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk
      if (answer.split('\r\n').length > 2) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

/** A Redis that outlived a killed start still holds its files: it is asked to end, and given time to write. */
async function endOrphan(pidFile: string): Promise<void> {
  const pid = readPid(pidFile)
  if (pid === null || !isAlive(pid) || !/(redis|valkey)-server/.test(commandOf(pid))) return
  process.kill(pid, 'SIGTERM')
  for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 50) await sleep(50)
  if (isAlive(pid)) throw new Error(`a Redis of an earlier start (process ${pid}) does not end; stop it by hand`)
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
