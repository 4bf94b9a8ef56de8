import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { putModels } from '@pentimento/checkpoints/testing'
import { imageLimits, type Job } from '@pentimento/contracts'
import { decodeRgb, encode } from '@pentimento/images'
import { afterAll, beforeAll, expect } from 'vitest'
import type { CliConfig } from '../../config.ts'
import { startStack } from '../../stack.ts'
import { alphaPng } from '../alpha-png.ts'
import { stackConfig } from '../stack-config.ts'

export const root = fileURLToPath(new URL('../../../../..', import.meta.url))
export const prompt = 'a photo of a yellow lemon on a white background'

/** The whole service with its pictures, while tests run. */
export interface Studio {
  url: string
  config: CliConfig
  /** A folder for files. */
  dir: string
  /** A picture of 128 × 128. */
  apple: Buffer
  /** Masks of its middle: transparent there, and white there. */
  open: Buffer
  white: Buffer
  newestJob(): Promise<Job>
  /** While `act` goes on, the engine does nothing, for as long as the processor would else be busy for nobody. */
  whileFrozen(act: () => Promise<unknown>): Promise<void>
  /** How many pixels of the apple's picture another one has changed, well inside of the masks or well outside. */
  changed(bytes: Uint8Array, where: 'inside' | 'outside'): Promise<number>
}

export async function pixelsOf(bytes: Uint8Array): Promise<Awaited<ReturnType<typeof decodeRgb>>['image']> {
  return (await decodeRgb(bytes, { ...imageLimits, maxSeconds: 10 })).image
}

export function pngOf(width: number, height: number, valueAt: (x: number, y: number) => number): Promise<Buffer> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    return valueAt(pixel % width, Math.floor(pixel / width))
  })
  return encode({ width, height, data }, { format: 'png', quality: null, metadata: null })
}

/** Starts it before the tests of a file, and stops it after them; its members are there while they run. */
export function useStudio(): Studio {
  const studio = {} as Studio
  let stop = async () => {}
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'pentimento-clients-'))
    const models = join(dir, 'models')
    await mkdir(models)
    await symlink(join(root, 'models/fixtures/tiny-sd1'), join(models, 'tiny-sd1'))
    await putModels(models)
    const config = await stackConfig(join(dir, 'data'), {
      MODELS_DIR: models,
      MODELS: 'tiny-sd1,mine',
      WEBHOOK_ALLOW_HTTP: 'on',
      OUTBOUND_ALLOW: '127.0.0.1',
    })
    const stack = await startStack(config, { logLevel: 'error', signal: AbortSignal.timeout(60_000) })
    stop = async () => {
      await stack.stop()
      await rm(dir, { recursive: true, force: true })
    }
    Object.assign(studio, await picturesOf(), {
      url: stack.url,
      config,
      dir,
      whileFrozen,
      newestJob: async () => {
        const { data } = (await (await fetch(`${stack.url}/v1/jobs?limit=1`)).json()) as { data: [Job] }
        return data[0]
      },
    })
  }, 90_000)
  afterAll(() => stop())
  return studio
}

async function picturesOf(): Promise<Pick<Studio, 'apple' | 'open' | 'white' | 'changed'>> {
  const apple = await readFile(join(root, 'assets/samples/apple-photo.png'))
  const before = await pixelsOf(apple)
  const { width, height } = before
  /** From the middle, in halves of a side. */
  const away = (x: number, y: number) => Math.max(Math.abs(x / width - 0.5), Math.abs(y / height - 0.5))
  // Between the two lies the blurred edge of the masks.
  const parts = {
    inside: (x: number, y: number) => away(x, y) < 0.2,
    outside: (x: number, y: number) => away(x, y) > 0.35,
  }
  return {
    apple,
    open: alphaPng(width, height, (x, y) => [128, parts.inside(x, y) ? 0 : 255]),
    white: await pngOf(width, height, (x, y) => (parts.inside(x, y) ? 255 : 0)),
    async changed(bytes, where) {
      const after = await pixelsOf(bytes)
      expect([after.width, after.height]).toEqual([width, height])
      let count = 0
      for (let i = 0; i < width * height; i++) {
        if (!parts[where](i % width, Math.floor(i / width))) continue
        if (before.data.subarray(i * 3, i * 3 + 3).some((value, c) => value !== after.data[i * 3 + c])) count++
      }
      return count
    },
  }
}

async function whileFrozen(act: () => Promise<unknown>): Promise<void> {
  const engines = await enginesBelow(process.pid)
  for (const pid of engines) process.kill(pid, 'SIGSTOP')
  try {
    await act()
  } finally {
    for (const pid of engines) process.kill(pid, 'SIGCONT')
  }
}

/** By Linux's process table; elsewhere none is found. */
async function enginesBelow(pid: number): Promise<number[]> {
  const of = (name: string) => readFile(`/proc/${name}`, 'utf8').catch(() => '')
  const children = (await of(`${pid}/task/${pid}/children`)).split(' ').filter(Boolean).map(Number)
  const found = await Promise.all(
    children.map(async (child) => [
      ...((await of(`${child}/cmdline`)).includes('engine/main') ? [child] : []),
      ...(await enginesBelow(child)),
    ]),
  )
  return found.flat()
}
