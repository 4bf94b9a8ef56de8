import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { type PullOptions, pullModel } from '../hub/pull.ts'
import { type LocalHub, type LocalHubOptions, startLocalHub } from './local-hub.ts'

/** A small model, of which the UNet's weights lie in large file storage. */
export const files: Record<string, Uint8Array> = {
  'model_index.json': Buffer.from('{}'),
  'unet/model.onnx': randomBytes(900),
  'unet/model.onnx_data': randomBytes(200_000),
  'vae_decoder/model.onnx': randomBytes(700),
  'vae_encoder/model.onnx': randomBytes(700),
}

/**
 * The hub of a test, in the ways in which the test wants it to lie, and a folder for what others keep beside the
 * models.
 */
export class HostileHub {
  current: LocalHub | undefined
  root = ''
  modelsDir = ''

  constructor() {
    beforeEach(async () => {
      this.root = await mkdtemp(join(tmpdir(), 'pentimento-hostile-'))
      this.modelsDir = join(this.root, 'data', 'models')
      await mkdir(join(this.root, 'data', 'redis'), { recursive: true })
      await writeFile(join(this.root, 'data', 'redis', 'aof'), 'prompts')
      await writeFile(join(this.root, 'data', 'secrets-key'), 'secret')
    })
    afterEach(async () => {
      await this.close()
      await rm(this.root, { recursive: true, force: true })
    })
  }

  /** The next pull meets another one. */
  async close(): Promise<void> {
    await this.current?.close()
    this.current = undefined
  }

  async pull(lies: Partial<LocalHubOptions> = {}, options: Partial<PullOptions> = {}): Promise<string> {
    this.current ??= await startLocalHub({ repo: 'them/tiny', files, large: ['unet/model.onnx_data'], ...lies })
    return pullModel({
      repo: 'them/tiny',
      revision: 'main',
      variant: null,
      file: null,
      modelsDir: this.modelsDir,
      hubUrl: this.current.url,
      token: null,
      signal: AbortSignal.timeout(15_000),
      attempts: 2,
      stallMs: 500,
      onPlan: () => {},
      onBytes: () => {},
      ...options,
    })
  }

  /** What a pull says that must fail, change nothing beside the models folder, and leave no model in it. */
  async refused(lies: Partial<LocalHubOptions>, options: Partial<PullOptions> = {}): Promise<string> {
    const text = await this.pull(lies, options).then(
      (dir) => `pulled into ${dir}`,
      (error: Error) => error.message,
    )
    expect(text).not.toMatch(/^pulled/)
    const data = join(this.root, 'data')
    expect(await readdir(this.root)).toEqual(['data'])
    expect((await readdir(data)).filter((name) => name !== 'models').toSorted()).toEqual(['redis', 'secrets-key'])
    expect(await readFile(join(data, 'redis', 'aof'), 'utf8')).toBe('prompts')
    expect(await readFile(join(data, 'secrets-key'), 'utf8')).toBe('secret')
    const models = existsSync(this.modelsDir) ? await readdir(this.modelsDir) : []
    expect(models.filter((name) => !name.startsWith('.pull-'))).toEqual([])
    return text
  }

  /** Bytes on disk below the models folder. */
  async kept(): Promise<number> {
    const entries = await readdir(this.modelsDir, { recursive: true, withFileTypes: true })
    const sizes = entries.filter((one) => one.isFile()).map((one) => stat(join(one.parentPath, one.name)))
    return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)
  }
}
