import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

// Debian's chromium brings SwiftShader, a Vulkan driver that computes on the CPU, and a Vulkan loader.
const driver = process.env.VK_ICD_FILENAMES ?? '/usr/lib/chromium/vk_swiftshader_icd.json'
const isMissing = !existsSync(driver) && process.env.CI !== 'true'
if (isMissing) process.stdout.write(`skipped: the GPU path, for want of a software Vulkan driver (${driver})\n`)

test.skipIf(isMissing)(
  'WebGPU paints what the CPU paints, and jobs that share calls what each paints alone, within 2 levels',
  { timeout: 480_000 },
  async () => {
    expect(existsSync(driver), `${driver} is missing: install chromium`).toBe(true)
    const script = fileURLToPath(new URL('./webgpu.testing.ts', import.meta.url))
    const { stdout } = await run(process.execPath, ['--conditions=source', script], {
      env: { ...process.env, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: dirname(driver) },
    })
    const { device, results, checkpoint, joined, memory } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(device).toBe('webgpu')
    expect(results.map(({ kind }: { kind: string }) => kind)).toEqual(['img2img', 'inpaint', 'img2img'])
    expect(checkpoint).toHaveLength(1)
    for (const { largest, contrast } of [...results, ...checkpoint]) {
      expect(largest).toBeLessThanOrEqual(2)
      expect(contrast).toBeGreaterThan(60)
    }
    // Some calls had rows of several jobs.
    expect(Math.max(...joined.rows)).toBeGreaterThan(2)
    for (const largest of joined.largest) expect(largest).toBeLessThanOrEqual(2)
    // Which of WebGPU's complaints comes first differs, and not all of them name a size.
    expect(memory.error).toMatchObject({
      code: 'out_of_memory',
      message: expect.stringMatching(/^The device has too little memory\./),
    })
    expect(memory.after).toEqual([7, 7])
  },
)
