import { createRequire } from 'node:module'
import A1111WebuiApi from 'a1111-webui-api'
// @ts-expect-error its types are not among its exports
import sdwebui from 'node-sd-webui'
import StableDiffusionApi from 'stable-diffusion-api'
import { describe, expect, it } from 'vitest'
import { pixelsOf, prompt, type Studio } from './studio.ts'

/** A picture of a package's own sharp. */
interface Sharp {
  png(): { toBuffer(): Promise<Buffer> }
}
interface Result {
  image: Sharp
  images: Sharp[]
  /** As text: the packages do not read it. */
  info: string
}
/** What the classes of both packages have. */
interface Api {
  txt2img(options: object): Promise<Result>
  img2img(options: object): Promise<Result>
  getProgress(): Promise<{ progress: number; state: { sampling_steps: number }; current_image: string | null }>
  /** Its axios: neither package has a word for what ends a request. */
  api: { post(path: string): Promise<{ data: unknown }> }
}

/** npm's packages for A1111's API, unchanged. */
export function a1111Clients(studio: Studio): void {
  describe.each([
    ['stable-diffusion-api', StableDiffusionApi],
    ['a1111-webui-api', A1111WebuiApi],
  ])('%s', (name, Class) => {
    const Constructor = ('default' in Class ? Class.default : Class) as new (options: object) => Api
    const load = createRequire(createRequire(import.meta.url).resolve(name))('sharp')
    const sharp = (load.default ?? load) as (bytes: Buffer) => Sharp
    const open = () => new Constructor({ baseUrl: studio.url })
    const bytesOf = ({ image }: Result) => image.png().toBuffer()
    const options = () => {
      return { init_images: [sharp(studio.apple)], prompt, width: 128, height: 128, steps: 8, seed: 3 }
    }

    it('paints anew, and from words', async () => {
      const [once, twice] = [await open().img2img(options()), await open().img2img(options())]
      expect(await bytesOf(twice)).toEqual(await bytesOf(once))
      expect(await studio.changed(await bytesOf(once), 'inside')).toBeGreaterThan(1600)
      expect(JSON.parse(once.info).all_seeds).toEqual([3])
      const words = await open().txt2img({ prompt, width: 64, height: 64, steps: 4 })
      expect(await pixelsOf(await bytesOf(words))).toMatchObject({ width: 64, height: 64 })
    })

    it.each([
      ['the masked area alone', {}],
      ['the whole area', { inpaint_full_res: false, inpainting_fill: 1, mask_blur: 2 }],
    ])('repaints what is white in the mask, and nothing else: %s', async (_, more) => {
      const painted = await open().img2img({ ...options(), mask_image: sharp(studio.white), ...more })
      expect(await studio.changed(await bytesOf(painted), 'outside')).toBe(0)
      expect(await studio.changed(await bytesOf(painted), 'inside')).toBeGreaterThan(1600)
    })

    it('follows what it asked for by its picture so far, and has it as far as it was when it is ended', async () => {
      const long = { ...options(), width: 256, height: 256, steps: 150, n_iter: 8, denoising_strength: 1 }
      const answer = open().img2img(long)
      const seen: string[] = []
      await expect
        .poll(
          async () => {
            const { progress, state, current_image } = await open().getProgress()
            if (current_image !== null) seen.push(current_image)
            return progress > 0.01 && state.sampling_steps === 150 && seen.length > 0
          },
          { timeout: 60_000 },
        )
        .toBe(true)
      const view = Buffer.from(seen[0] ?? '', 'base64')
      expect(view.subarray(1, 4).toString()).toBe('PNG')
      const { width, height } = await pixelsOf(view)
      expect([width, height].every((side) => side >= 16)).toBe(true)
      expect((await open().api.post('/sdapi/v1/interrupt')).data).toEqual({})
      const ended = await answer
      expect([ended.images.length, JSON.parse(ended.info).interrupted]).toEqual([1, true])
      expect(await pixelsOf(await bytesOf(ended))).toMatchObject({ width: 256, height: 256 })
      expect((await studio.newestJob()).status).toBe('canceled')
      expect((await open().getProgress()).progress).toBe(0)
    })
  })

  it('node-sd-webui paints anew and from words, reads how, and is refused', async () => {
    const client = (sdwebui.default ?? sdwebui)({ apiUrl: studio.url })
    const options = { prompt, width: 128, height: 128, steps: 4, seed: 9, samplingMethod: 'Euler a' }
    const { images } = await client.img2img({ ...options, imageData: [studio.apple.toString('base64')] })
    expect(await studio.changed(Buffer.from(images[0], 'base64'), 'inside')).toBeGreaterThan(1600)
    // What stands behind the schedule, which AUTOMATIC1111 names since 1.9, it takes for something else.
    expect(await client.pngInfo({ imageData: images[0] })).toMatchObject({
      prompt,
      steps: 4,
      samplingMethod: 'Euler a',
    })
    const words = await client.txt2img({ ...options, width: 64, height: 64 })
    expect(await pixelsOf(Buffer.from(words.images[0], 'base64'))).toMatchObject({ width: 64, height: 64 })
    const hires = { upscaler: 'Latent', upscaleBy: 2, steps: 2, denoisingStrength: 0.6 }
    const larger = await client.txt2img({ ...options, width: 64, height: 64, hires })
    expect(await pixelsOf(Buffer.from(larger.images[0], 'base64'))).toMatchObject({ width: 128, height: 128 })
    // It shows the status alone.
    await expect(client.txt2img({ ...options, script: { name: 'X/Y/Z plot' } })).rejects.toThrow('Unprocessable')
  })
}
