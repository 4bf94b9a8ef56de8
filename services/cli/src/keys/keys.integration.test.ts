import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startStack } from '../stack.ts'
import { stackConfig } from '../testing/stack-config.ts'
import { keys } from './keys.ts'

let dir: string
let printed: string[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-keys-'))
  printed = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

const idIn = (text = '') => /pmt_([a-z2-7]{12})_/.exec(text)?.[1] ?? ''
const tokenIn = (text = '') => /pmt_\S{50,}/.exec(text)?.[0] ?? ''

describe('keys', () => {
  it('opens a running service, whose Redis is private, and closes it again', async () => {
    const config = await stackConfig(dir, { AUTH: 'keys' })
    // Made before the first start, in a Redis that runs for the command alone.
    await keys(config, ['create', '--tenant', 'atelier', '--max-jobs', '3'])
    const token = tokenIn(printed.at(-1))
    const stack = await startStack(config, { logLevel: 'silent', signal: AbortSignal.timeout(60_000) })
    try {
      const ask = async (bearer: string) =>
        (await fetch(`${stack.url}/v1/jobs`, { headers: { Authorization: `Bearer ${bearer}` } })).status
      expect(await ask(token)).toBe(200)
      expect(await ask('pmt_wrong')).toBe(401)
      await keys(config, ['rotate', idIn(token), '--overlap-hours', '1'])
      const fresh = tokenIn(printed.at(-1))
      expect(fresh).not.toBe(token)
      expect([await ask(token), await ask(fresh)]).toEqual([200, 200])
      await keys(config, ['revoke', idIn(token)])
      await vi.waitFor(async () => expect(await ask(token)).toBe(401), 10_000)
      expect(await ask(fresh)).toBe(200)
      printed = []
      await keys(config, ['list', '--tenant', 'atelier'])
      expect(printed).toHaveLength(2)
      expect(printed.join('\n')).toMatch(/revoked[\s\S]*maxJobs=3/)
      expect(printed.join('\n')).not.toContain(tokenIn(token))
      printed = []
      await keys(config, ['list', '--tenant', 'atelier', '--json'])
      const listed = JSON.parse(printed.join('\n'))
      expect(listed).toHaveLength(2)
      expect(listed[0]).toMatchObject({ tenant: 'atelier', limits: { max_jobs: 3 }, scopes: ['submit', 'read'] })
      expect(printed.join('\n')).not.toContain(token)
      printed = []
      await keys(config, ['usage'])
      await keys(config, ['usage', '--tenant', 'atelier', '--json'])
      expect(printed.slice(0, 2)).toEqual([
        'atelier  0 jobs  0 waiting  0.0 megapixel-steps today  0.0 MB',
        'default  0 jobs  0 waiting  0.0 megapixel-steps today  0.0 MB',
      ])
      expect(JSON.parse(printed[2] ?? '')).toEqual([
        { tenant: 'atelier', jobs: 0, queued: 0, work_today: 0, storage: 0 },
      ])
    } finally {
      await stack.stop()
    }
  })

  it('does what docs/keys.md shows, one after the other', async () => {
    const config = await stackConfig(dir)
    const page = await readFile(new URL('../../../../docs/keys.md', import.meta.url), 'utf8')
    const shown = [...page.matchAll(/^npm run keys -- (.+)$/gm)].map(([, args = '']) => args.split(' '))
    expect(shown.length).toBeGreaterThan(6)
    let first = ''
    for (const args of shown) {
      expect(
        await keys(
          config,
          args.map((arg) => (arg === 'ID' ? first : arg)),
        ),
      ).toBe(0)
      first ||= idIn(printed.at(-1))
    }
  })

  it("rotates and revokes all of a tenant's, and those of no other", async () => {
    const config = await stackConfig(dir)
    for (const tenant of ['atelier', 'atelier', 'other']) await keys(config, ['create', '--tenant', tenant])
    printed = []
    await keys(config, ['rotate', '--tenant', 'atelier', '--overlap-hours', '1'])
    expect(printed.filter((line) => tokenIn(line) !== '')).toHaveLength(2)
    printed = []
    await keys(config, ['revoke', '--tenant', 'atelier'])
    expect(printed).toHaveLength(4)
    printed = []
    await keys(config, ['list'])
    expect(printed.filter((line) => line.includes('revoked'))).toHaveLength(4)
    expect(printed.filter((line) => line.includes('valid'))).toEqual([expect.stringContaining('other')])
  })

  it.each([[], ['revoke'], ['rotate', 'aaaaaaaaaaaa', '--tenant', 'a'], ['list', 'x'], ['forget']])(
    'tells how it is used when asked %j',
    async (...args: string[]) => {
      const told = vi.spyOn(console, 'error').mockImplementation(() => {})
      expect(await keys(await stackConfig(dir), args)).toBe(2)
      expect(told.mock.calls[0]?.[0]).toContain('npm run keys -- create')
    },
  )

  it.each([
    [['create', '--tenant', 'No Spaces'], /--tenant must be/],
    [['create', '--tenant', 'a', '--scopes', 'all'], /--scopes takes submit, read, admin/],
    [['create'], /--tenant NAME is needed/],
    [['create', '--tenant', 'a', '--max-jobs', '0'], /--max-jobs takes a number/],
    [['create', '--tenant', 'a', '--max-jobs', '0.5'], /--max-jobs takes a number/],
    [['create', '--tenant', 'a', '--weight', 'much'], /--weight takes a number/],
    [['create', '--tenant', 'a', '--expires-days', '1e12'], /--expires-days takes a number from/],
    [['create', '--tenant', 'a', '--max-job', '1'], /--max-job/],
    [['list', '--overlap-hours', '1'], /--overlap-hours/],
    [['revoke', 'aaaaaaaaaaaa'], /there is no key/],
    [['revoke', '--tenant', 'nobody'], /nobody has no key that is valid/],
    [['rotate', 'aaaaaaaaaaaa'], /there is no key/],
  ])('refuses %j', async (args, message) => {
    await expect(keys(await stackConfig(dir), args)).rejects.toThrow(message)
  })
})
