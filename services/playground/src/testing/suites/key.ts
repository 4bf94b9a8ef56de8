import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { visit } from '../browser.ts'
import { board, button, field, generate, pictures } from '../painting.ts'
import type { KeyedApi } from '../running-stack.ts'
import type { Service } from '../service.ts'

const run = promisify(execFile)

/** The page of a service with keys. */
export function keyTests(service: Service): void {
  let api: KeyedApi
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pentimento-snippets-'))
    api = await service.startKeyedApi()
  }, 120_000)
  afterAll(async () => {
    await api?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('asks for a key, works with it, keeps it in the tab alone, and writes programs that run', async () => {
    const { url, key } = api
    const complaints: string[] = []
    const page = await visit(service.browser, url, complaints)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('This service asks for a key.').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await button(page, 'Needs a key').click()
    await dialog.waitFor()
    await field(page, 'Key').fill('pmt_wrong')
    await button(page, 'Use this key').click()
    await dialog.getByText('The service does not know this key.').waitFor()
    await field(page, 'Key').fill(key)
    await button(page, 'Use this key').click()
    await dialog.waitFor({ state: 'hidden' })
    await button(page, 'Generate').waitFor()
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])
    complaints.length = 0

    await button(page, 'Start with an example').click()
    await field(page, 'Sampling steps').fill('4')
    await generate(page, 2)
    await page.reload()
    await pictures(page).nth(1).locator('img').waitFor()
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('pmt_')
    expect(page.url()).not.toContain('pmt_')
    expect(complaints).toEqual([])

    await pictures(page).first().click()
    // A link opens its job in another browser too, once there is a key.
    expect(page.url()).toContain('#job_')
    const stranger = await visit(service.browser, page.url(), [])
    await stranger.getByRole('dialog').getByText('This service asks for a key.').waitFor()
    await field(stranger, 'Key').fill(key)
    await button(stranger, 'Use this key').click()
    await stranger.getByRole('dialog').getByText('Use as input').waitFor()
    await stranger.context().close()

    await writeFile(join(folder, 'input.png'), await pngOfBoard())
    const env = { ...process.env, PENTIMENTO_KEY: key }
    const code = async (language: string) => {
      await button(page, language).click()
      const text = (await page.locator('.snippets pre').textContent()) ?? ''
      expect(text).not.toContain(key)
      return text
    }
    const { stdout } = await run('bash', ['-c', await code('curl')], { cwd: folder, env })
    expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', parameters: { steps: 4, num_images: 2 } })
    await writeFile(join(folder, 'program.ts'), await code('TypeScript'))
    await run(process.execPath, ['program.ts'], { cwd: folder, env })
    const shown = await page.locator('.compare .after').evaluate(pngOfImage)
    const made = await readFile(join(folder, 'result-0.png'))
    expect(made.byteLength).toBeGreaterThan(500)
    expect(made.subarray(1, 4).toString()).toBe('PNG')
    expect(shown).toBe(128)
    expect(await code('Python')).toContain(`api = "${url}"`)

    async function pngOfBoard(): Promise<Buffer> {
      const base64 = await board(page).evaluate((element) => element.querySelector('canvas')?.toDataURL('image/png'))
      return Buffer.from(base64?.split(',')[1] ?? '', 'base64')
    }
  })
}

function pngOfImage(element: Element): number {
  return (element as HTMLImageElement).naturalWidth
}
