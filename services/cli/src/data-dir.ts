import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeDataDir } from './close-folder.ts'

/**
 * Makes DATA_DIR where it is missing, and closes it to the other users of this machine.
 * @throws Error when it cannot be written
 */
export function openDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    throw new Error(`DATA_DIR cannot be used: ${(error as Error).message}; set it to a folder that can be written`)
  }
  closeDataDir(dataDir, console.error)
}

/**
 * Takes DATA_DIR for this process and returns the function that gives it back: two private Redis servers in one folder
 * would ruin its contents.
 */
export function lockDataDir(dataDir: string): () => void {
  openDataDir(dataDir)
  const file = join(dataDir, 'pentimento.pid')
  const owner = readPid(file)
  if (owner !== null && isAlive(owner))
    throw new Error(
      `${dataDir} is in use by another Pentimento (process ${owner}); stop it, or set DATA_DIR to another folder`,
    )
  writeFileSync(file, `${process.pid}\n`, { mode: 0o600 })
  rmSync(redisUrlFile(dataDir), { force: true })
  return () => {
    rmSync(redisUrlFile(dataDir), { force: true })
    rmSync(file, { force: true })
  }
}

/**
 * Where a running stack leaves the address of its private Redis for the other commands, readable by its owner alone.
 */
export function redisUrlFile(dataDir: string): string {
  return join(dataDir, 'redis-url')
}

/** The key that encrypts webhook secrets at rest: made once, kept in DATA_DIR where only its owner can read it. */
export function ensureSecretsKey(dataDir: string): string {
  const file = join(dataDir, 'secrets-key')
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}

/** The process id in a file, or null. */
export function readPid(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
