import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureRedis } from './redis.mjs'
import { findProgram } from './system-packages.mjs'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-path-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function program(folder: string, name: string, mode = 0o755): string {
  const file = join(dir, folder, name)
  mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, mode)
  return file
}

describe('findProgram', () => {
  it('takes the first name on the PATH that can be run', () => {
    program('a', 'redis-server', 0o644)
    const valkey = program('a', 'valkey-server')
    const redis = program('b', 'redis-server')
    const path = [join(dir, 'none'), join(dir, 'a'), join(dir, 'b')].join(delimiter)
    expect(findProgram(['redis-server', 'valkey-server'], path)).toBe(redis)
    expect(findProgram(['valkey-server'], path)).toBe(valkey)
    expect(findProgram(['nobody'], path)).toBeUndefined()
  })
})

describe('ensureRedis', () => {
  it('needs nothing when there is a REDIS_URL, and takes the program it is told', async () => {
    expect(await ensureRedis({ REDIS_URL: 'redis://example' })).toEqual({})
    expect(await ensureRedis({ REDIS_SERVER: '/opt/redis-server' })).toEqual({ REDIS_SERVER: '/opt/redis-server' })
  })
})
