import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { imageLimits } from '@pentimento/contracts'
import { decodeRgb } from '@pentimento/images'
import * as a1111 from 'a1111-webui-api'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { download, form, runJob } from '../client.ts'
import type { CliConfig } from '../config.ts'
import { generate } from '../generate/generate.ts'
import { alphaPng } from './alpha-png.ts'
import { root, type Studio } from './clients/studio.ts'

/** What of the client is used here. */
interface A1111Client {
  ControlNetUnit: new (options: object) => object
  StableDiffusionApi: new (options: {
    baseUrl: string
  }) => { img2img(options: object): Promise<{ response: { data: unknown } }> }
}

const run = promisify(execFile)
const samples = join(root, 'assets/samples')
const image = join(samples, 'apple-photo.png')
const mask = join(samples, 'apple-mask.png')

const dirOfNoModel = join(root, 'models')

/** The command paints what the api paints, and says what is wrong. */
export function generateTests(studio: Studio): void {
  let dir: string
  let model: string
  let config: CliConfig
  beforeAll(() => {
    dir = studio.dir
    model = join(dir, 'models/tiny-sd1')
    config = studio.config
    vi.spyOn(console, 'log').mockImplementation(() => {})
  })
  afterAll(() => {
    vi.restoreAllMocks()
  })

  describe('generate', () => {
    it.each([
      [
        'txt2img',
        {
          prompt: 'a red (thing:1.2)',
          steps: 4,
          seed: 6,
          width: 96,
          upscale: 1.5,
          upscaler: 'sharp',
          hires_strength: 0.5,
          hires_steps: 2,
          output_format: 'webp',
        },
        {},
      ],
      ['img2img', { prompt: 'a red (thing:1.2)', steps: 6, seed: 5, num_images: 2, output_format: 'png' }, { image }],
      ['inpaint', { prompt: 'a lemon', steps: 5, seed: 9, mask_blur: 2, output_format: 'webp' }, { image, mask }],
      [
        'inpaint',
        {
          prompt: 'a pear',
          negative_prompt: 'a plum',
          steps: 4,
          seed: 3,
          mask_mode: 'black',
          mask_grow: 3,
          inpaint_area: 'masked',
          mask_padding: 8,
          masked_content: 'fill',
          width: 96,
          height: 64,
          output_format: 'jpeg',
          output_quality: 70,
        },
        { image, mask },
      ],
      [
        'inpaint',
        { prompt: 'a fig tree', steps: 2, seed: 4, extend_left: 40, extend_top: 24, width: 96, output_format: 'png' },
        { image },
      ],
      [
        'img2img',
        {
          prompt: 'a fig',
          steps: 4,
          strength: 1,
          seed: 8,
          semantics: 'diffusers',
          sampler: 'DPM++ 2M Karras',
          resize_mode: 'crop',
          width: 64,
          height: 96,
          rng: 'nv',
          embed_metadata: 'false',
          output_format: 'png',
        },
        { image },
      ],
    ] as const)('writes the bytes that the api gives for the same %s', async (kind, fields, files) => {
      const job = await runJob(studio.url, `/v1/${kind}`, await form(fields, files), AbortSignal.timeout(60_000))
      expect(job.status).toBe('succeeded')
      const { output_format, ...options } = fields
      const out = join(dir, `${kind}.${output_format}`)
      const args = Object.entries({ model, out, ...files, ...options }).flatMap(([name, value]) => [
        `--${name.replaceAll('_', '-')}`,
        String(value),
      ])
      expect(await generate(config, args)).toBe(0)
      for (const { url, index } of job.images) {
        const name = job.images.length === 1 ? out : out.replace(`.${output_format}`, `-${index}.${output_format}`)
        expect((await readFile(name)).equals(await download(url, AbortSignal.timeout(10_000))), name).toBe(true)
      }
    })

    it('paints with a LoRA and a word of its own, as the api does', async () => {
      const fields = { model: 'mine', prompt: 'a pear, mood', steps: 2, seed: 2, width: 64, height: 64 }
      const loras = JSON.stringify([{ name: 'bold', weight: 0.8 }])
      const painted = async (prompt: string, own: Record<string, string> = {}) => {
        const job = await runJob(
          studio.url,
          '/v1/img2img',
          await form({ ...fields, ...own, prompt }, { image }),
          AbortSignal.timeout(60_000),
        )
        return { job, bytes: await download(job.images[0]?.url ?? '', AbortSignal.timeout(10_000)) }
      }
      const { job, bytes } = await painted('a pear, mood, sks', { loras })
      expect(job).toMatchObject({
        warnings: [],
        parameters: { loras: [{ name: 'bold', weight: 0.8, text_weight: 0.8 }] },
      })
      const text = Buffer.from(bytes).toString('latin1')
      expect(text).toContain('a pear, mood, sks <lora:bold:0.8>\n')
      expect(text).toMatch(/, Lora hashes: "bold: [0-9a-f]{12}", TI hashes: "mood: [0-9a-f]{12}", Version/)
      expect((await painted('<lora:bold:0.8>a pear, mood, sks')).bytes).toEqual(bytes)
      const [other, plain] = [await painted('a pear, mood', { loras }), await painted('a pear, mood, sks')]
      const pixels = [bytes, other.bytes, plain.bytes].map(async (png) => {
        const decoded = await decodeRgb(png, { ...imageLimits, maxSeconds: 60 })
        return Buffer.from(decoded.image.data).toString('base64')
      })
      // With a word that only the LoRA brings, without it, and with neither LoRA nor word.
      expect(new Set(await Promise.all(pixels)).size).toBe(3)
      const out = join(dir, 'lora.png')
      const options = {
        ...fields,
        model: join(dir, 'models/mine.safetensors'),
        prompt: 'a pear, mood, sks',
        image,
        out,
      }
      const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
      expect(await generate(config, [...args, '--loras', loras])).toBe(0)
      expect((await readFile(out)).equals(bytes)).toBe(true)
      await expect(painted('<lora:none:1>')).rejects.toThrow(/^422 unknown_lora: /)
    })

    it('paints what resembles a reference picture, as the api does', async () => {
      const fields = { model: 'mine', prompt: 'a pear', steps: 2, seed: 2, width: 64, height: 64 }
      const painted = async (own: Record<string, string>, files: Record<string, string> = {}) => {
        const sent = await form({ ...fields, ...own }, files)
        const job = await runJob(studio.url, '/v1/txt2img', sent, AbortSignal.timeout(60_000))
        return { job, bytes: await download(job.images[0]?.url ?? '', AbortSignal.timeout(10_000)) }
      }
      const { job, bytes } = await painted({}, { reference_image: image })
      expect(job).toMatchObject({ warnings: [], parameters: { reference_model: 'like', reference_scale: 0.6 } })
      expect(Buffer.from(bytes).toString('latin1')).toContain('IP-Adapter: like, IP-Adapter scale: 0.6')
      const weaker = await painted({ reference_scale: '0.2', reference_image_job: job.id })
      const [none, plain] = [await painted({ reference_scale: '0' }, { reference_image: image }), await painted({})]
      const pixels = [bytes, weaker.bytes, none.bytes, plain.bytes].map(async (png) => {
        const decoded = await decodeRgb(png, { ...imageLimits, maxSeconds: 60 })
        return Buffer.from(decoded.image.data).toString('base64')
      })
      const [one, two, three, four] = await Promise.all(pixels)
      expect([new Set([one, two, three]).size, three === four]).toEqual([3, true])
      const out = join(dir, 'reference.png')
      const args = Object.entries({ ...fields, model: join(dir, 'models/mine.safetensors'), out })
      const options = args.flatMap(([name, value]) => [`--${name}`, String(value)])
      expect(await generate(config, [...options, '--reference-image', image])).toBe(0)
      expect((await readFile(out)).equals(bytes)).toBe(true)
      const refused = painted({ reference_model: 'none' }, { reference_image: image })
      await expect(refused).rejects.toThrow(/^422 unknown_reference_model: /)
    })

    it('holds pictures to others by ControlNets and T2I-Adapters, as the api does', async () => {
      const fields = { model: 'mine', prompt: 'a pear', steps: 2, seed: 2, width: 64, height: 64 }
      const controls = { control_model: 'edges', control_scale: 0.4, control_preprocessor: 'canny' }
      const second = { control_2_model: 'sketch', control_2_scale: 0.6, control_2_end: 0.5 }
      const run = async (kind: string, own: object, files: Record<string, string>) =>
        runJob(studio.url, `/v1/${kind}`, await form({ ...fields, ...own }, files), AbortSignal.timeout(60_000))
      const bytesOf = (job: Awaited<ReturnType<typeof run>>) =>
        download(job.images[0]?.url ?? '', AbortSignal.timeout(10_000))

      const job = await run('img2img', { ...controls, ...second }, { image, control_2_image: image })
      expect(job.parameters).toMatchObject({ ...controls, control_start: 0, control_end: 1, ...second })
      expect(job.parameters).toMatchObject({ control_2_preprocessor: 'none', control_3_model: null })
      const bytes = await bytesOf(job)
      expect(Buffer.from(bytes).toString('latin1')).toContain(
        'ControlNet 0: "Module: canny, Model: edges, Weight: 0.4, Resize Mode: Just Resize, Threshold A: 100,',
      )
      // What a job says of itself paints the same again.
      const { parameters } = job
      const again = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, textOf(value)]))
      expect(await bytesOf(await run('img2img', again, { image, control_2_image: image }))).toEqual(bytes)
      const out = join(dir, 'control.png')
      const options = { ...fields, ...controls, ...second, image, 'control-2-image': image }
      const args = Object.entries({ ...options, model: join(dir, 'models/mine.safetensors'), out })
      expect(
        await generate(
          config,
          args.flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, String(value)]),
        ),
      ).toBe(0)
      expect((await readFile(out)).equals(bytes)).toBe(true)
      expect(await bytesOf(await run('txt2img', controls, { control_image: image }))).not.toEqual(bytes)

      const union = { control_model: 'union', control_preprocessor: 'canny' }
      const edged = await run('img2img', union, { image })
      expect(edged.parameters).toMatchObject({ ...union, control_type: 'lineart' })
      const posed = await run('img2img', { ...union, control_type: 'openpose' }, { image })
      expect(await bytesOf(posed)).not.toEqual(await bytesOf(edged))
      expect(Buffer.from(await bytesOf(posed)).toString('latin1')).toContain('Union Control Type: OpenPose"')

      const refused = [
        [{ control_model: 'none' }, {}, /^422 unknown_control: .* known: edges, sketch/],
        [{ control_model: 'xl' }, {}, /^422 not_supported: xl was made for SDXL, and this model is SD 1\.x/],
        [{ ...controls, control_start: 1 }, {}, /^422 invalid_fields: .*control_end/],
        [{ control_model: 'edges', control_preprocessor: 'depth' }, {}, /^422 invalid_fields: /],
        [{ control_model: 'edges', control_preprocessor: 'inpaint' }, {}, /^422 not_supported: /],
        [{ control_model: 'edges', control_type: 'depth' }, {}, /^422 not_supported: .*leave it out/],
        [{ control_model: 'union', control_type: 'tile' }, {}, /^422 not_supported: .*it takes openpose, depth/],
        [{ control_model: 'union' }, {}, /^422 invalid_fields: .*one of openpose, depth/],
        [{}, { control_image: image }, /^422 invalid_fields: .*control_model/],
        [{ ...controls, model: 'tiny-sd1' }, {}, /^422 not_supported: .*ONNX/],
      ] as const
      for (const [own, files, message] of refused)
        await expect(run('img2img', own, { image, ...files })).rejects.toThrow(message)
      await expect(run('txt2img', controls, {})).rejects.toThrow(/^422 image_required: .*control_image/)
    })

    it("takes ControlNet's units in the words of AUTOMATIC1111, from one of its clients", async () => {
      const [source, edges] = [await readFile(image), transparentPng(64)]
      const load = createRequire(createRequire(import.meta.url).resolve('a1111-webui-api'))('sharp')
      const own = (load.default ?? load) as (bytes: Buffer) => { png(): { toBuffer(): Promise<Buffer> } }
      const { ControlNetUnit, StableDiffusionApi } = a1111 as unknown as A1111Client
      const unit = new ControlNetUnit({
        input_image: own(edges),
        module: 'canny',
        model: 'Edges [d14c016b]',
        weight: 0.4,
        guidance_end: 0.8,
        threshold_a: 30,
        threshold_b: 90,
      })
      const api = new StableDiffusionApi({ baseUrl: studio.url })
      const asked = { prompt: 'a pear', steps: 2, seed: 2, width: 64, height: 64, cfg_scale: 5, sampler_name: 'Euler' }
      const painted = await api.img2img({
        ...asked,
        init_images: [own(source)],
        controlnet_units: [unit],
        override_settings: { sd_model_checkpoint: 'mine' },
      })
      const [text = ''] = (painted.response.data as { images: string[] }).images
      const { data } = (await (await fetch(`${studio.url}/v1/jobs?limit=1`)).json()) as {
        data: { parameters: object }[]
      }
      const parameters = data[0]?.parameters ?? {}
      const control = { control_model: 'edges', control_scale: 0.4, control_start: 0, control_end: 0.8 }
      expect(parameters).toMatchObject({ ...control, control_preprocessor: 'canny' })
      expect(parameters).toMatchObject({ control_canny_low: 30, control_canny_high: 90, control_2_model: null })
      const same = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, textOf(value)]))
      const files = { image: join(dir, 'client.png'), control_image: join(dir, 'client-edges.png') }
      await writeFile(files.image, await own(source).png().toBuffer())
      await writeFile(files.control_image, await own(edges).png().toBuffer())
      const native = async (fields: object) => {
        const job = await runJob(
          studio.url,
          '/v1/img2img',
          await form({ ...same, ...fields }, files),
          AbortSignal.timeout(60_000),
        )
        return download(job.images[0]?.url ?? '', AbortSignal.timeout(10_000))
      }
      expect(Buffer.from(text, 'base64').equals(await native({ model: 'mine' }))).toBe(true)
      expect(Buffer.from(text, 'base64').equals(await native({ model: 'mine', control_scale: '0.1' }))).toBe(false)
    })

    it.each(['image', 'mask'])('repaints what is transparent in the %s, as the api does', async (where) => {
      const transparent = join(dir, 'transparent.png')
      await writeFile(transparent, transparentPng(64))
      const files = where === 'image' ? { image: transparent } : { image, mask: transparent }
      const fields = { prompt: 'a plum', width: 64, height: 64, steps: 3, seed: 2, mask_mode: 'alpha', mask_blur: 0 }
      const job = await runJob(studio.url, '/v1/inpaint', await form(fields, files), AbortSignal.timeout(60_000))
      const out = join(dir, 'alpha.png')
      const args = Object.entries({ model, ...files, out, ...fields }).flatMap(([name, value]) => [
        `--${name.replaceAll('_', '-')}`,
        String(value),
      ])
      expect(await generate(config, args)).toBe(0)
      const [{ url } = { url: '' }] = job.images
      expect((await readFile(out)).equals(await download(url, AbortSignal.timeout(10_000)))).toBe(true)

      const other = join(dir, 'other.png')
      expect(await generate(config, [...args, '--prompt', 'a red apple', '--out', other])).toBe(0)
      const [one, two] = await Promise.all([sidesOf(out), sidesOf(other)])
      expect(one.left.equals(two.left)).toBe(true)
      expect(one.right.equals(two.right)).toBe(false)
    })

    it.each([
      [['--steps', '0'], /--steps/],
      [['--image', '/nowhere.png'], /^--image: ENOENT/],
      [['--image', join(root, 'README.md')], /^--image: the file is not a PNG, JPEG or WebP picture/],
      [['--mask-mode', 'alpha'], /the image is opaque/],
      [['--out', '/dev/null/none.png'], /^--out: .* cannot be written to/],
      [['--model', dirOfNoModel], /no model_index\.json/],
      [['--sampler', 'best'], /--sampler: unknown sampler; valid names/],
      [['--mask-grow', '4'], /--mask-grow needs a --mask/],
      [['--seed', '4294967295', '--num-images', '2'], /--seed: seed \+ num_images/],
      [['--colour', 'red'], /Unknown option '--colour'/],
    ])('refuses %j by name', async (extra, message) => {
      const args = ['--model', model, '--image', image, '--prompt', 'x', '--out', join(dir, 'none.png'), ...extra]
      await expect(generate(config, args)).rejects.toThrow(message)
    })

    it.each([
      [['--strength', '0.5'], /^--strength needs an --image/],
      [['--mask', mask], /^--mask needs an --image/],
      [['--mask-mode', 'alpha'], /^--mask-mode needs an --image/],
    ])('refuses %j without a picture', async (extra, message) => {
      const args = ['--model', model, '--prompt', 'x', '--out', join(dir, 'none.png'), ...extra]
      await expect(generate(config, args)).rejects.toThrow(message)
    })

    it('names what is missing, and shows every option when asked', async () => {
      await expect(generate(config, ['--model', model, '--prompt', 'x'])).rejects.toThrow(/^--out missing/)
      expect(await generate(config, ['--help'])).toBe(0)
      expect(vi.mocked(console.log).mock.lastCall?.[0]).toMatch(/--mask-blur/)
    })

    it('does what docs/models.md shows', async () => {
      const page = await readFile(join(root, 'docs/models.md'), 'utf8')
      const [, block = ''] = /^```bash\n([\s\S]*?)^```/m.exec(page) ?? []
      expect(block).toContain('npm run generate --')
      const script = block
        .replaceAll(
          'npm run generate --',
          `'${process.execPath}' --conditions=source services/cli/src/main.ts generate`,
        )
        .replaceAll('--out ', `--out ${dir}/shown/`)
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root })
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => basename(line.split(' ')[0] ?? '')),
      ).toEqual(['strawberry-0.png', 'strawberry-1.png', 'lemon.webp'])
    })
  })
}

/** A parameter as a form has it. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** The left and the right third of a picture 64 pixels wide: the seam of its halves is left out. */
async function sidesOf(file: string): Promise<{ left: Buffer; right: Buffer }> {
  const { image } = await decodeRgb(await readFile(file), { ...imageLimits, maxSeconds: 60 })
  const columns = (from: number, to: number) =>
    Buffer.from(image.data.filter((_, i) => Math.floor(i / 3) % 64 >= from && Math.floor(i / 3) % 64 < to))
  return { left: columns(0, 22), right: columns(42, 64) }
}

/** A square whose right half is transparent. */
function transparentPng(side: number): Buffer {
  return alphaPng(side, side, (x, y) => [x * 4, y * 4, 128, x < side / 2 ? 255 : 0])
}
