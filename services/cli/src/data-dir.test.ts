import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureSecretsKey, lockDataDir } from './data-dir.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-data-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('ensureSecretsKey', () => {
  it('makes 32 bytes once, readable by the owner alone', () => {
    const key = ensureSecretsKey(dir)
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
    expect(ensureSecretsKey(dir)).toBe(key)
    expect(statSync(join(dir, 'secrets-key')).mode & 0o777).toBe(0o600)
  })
})

describe('lockDataDir', () => {
  it('refuses a folder in use, and takes over from a process that is gone', () => {
    const unlock = lockDataDir(dir)
    expect(() => lockDataDir(dir)).toThrow(`process ${process.pid}`)
    unlock()
    writeFileSync(join(dir, 'pentimento.pid'), '999999999\n')
    lockDataDir(dir)()
    lockDataDir(join(dir, 'made', 'on', 'the', 'way'))()
  })

  it('says that the folder cannot be used when it is none', () => {
    writeFileSync(join(dir, 'file'), '')
    expect(() => lockDataDir(join(dir, 'file'))).toThrow(/^DATA_DIR cannot be used: .*; set it to a folder/)
    expect(() => lockDataDir(join(dir, 'file', 'below'))).toThrow(/^DATA_DIR cannot be used/)
  })
})
