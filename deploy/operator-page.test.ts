import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderChart, valueSets } from './testing/render-chart.ts'

const root = new URL('../', import.meta.url)
const page = readFileSync(new URL('docs/kubernetes.md', root), 'utf8')
const helm = process.env.HELM ?? ''

/** Every command of the page, its lines joined. */
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .trim()
    .split('\n'),
)
const of = (program: string) => commands.filter((command) => command.startsWith(`${program} `))

describe('docs/kubernetes.md', () => {
  it('builds images from files and targets that are there, under the names that the chart asks for', () => {
    const builds = of('docker build').map((command) => {
      const [, file = '', , target, tag = ''] = /-f (\S+) (--target (\S+) )?-t (\S+) \.$/.exec(command) ?? []
      expect(readFileSync(new URL(file, root), 'utf8')).toContain(` AS ${target ?? 'api'}\n`)
      return tag.replace('REGISTRY/', '')
    })
    expect(builds).toHaveLength(4)
    const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
    expect(builds).toEqual(
      ['api:', 'worker:', 'worker:', 'cli:'].map((name, i) =>
        expect.stringMatching(
          new RegExp(`^pentimento/${name}${version.replaceAll('.', '\\.')}${['', '-cpu', '-cuda', ''][i]}$`),
        ),
      ),
    )
  })

  it('makes a secret of variables that are explained', () => {
    const [create = ''] = commands.filter((command) => command.includes('create secret generic pentimento'))
    const names = [...create.matchAll(/--from-literal=([A-Z_]+)=/g)].map(([, name]) => name)
    expect(names).toEqual(['SECRETS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    const configuration = readFileSync(new URL('docs/configuration.md', root), 'utf8')
    for (const name of names) expect(configuration).toContain(`\`${name}\``)
  })

  it('begins with an example that is there, and counts them', () => {
    const [copy = ''] = of('cp')
    expect(existsSync(new URL(copy.split(' ')[1] ?? '', root))).toBe(true)
    expect(valueSets).toHaveLength(10)
  })

  describe.skipIf(helm === '')('by helm', () => {
    const installs = of('helm').filter((command) => command.includes('deploy/helm/pentimento'))

    it('takes the chart with the settings that it shows', () => {
      expect(installs).toHaveLength(3)
      for (const command of installs) {
        expect(command).toMatch(
          /^helm (template|upgrade( --install)?) pentimento deploy\/helm\/pentimento -n pentimento -f my-values\.yaml/,
        )
        const settings = [...command.matchAll(/--set (\S+)/g)].map(([, setting = '']) => setting)
        expect(renderChart(helm, 'gpu', settings).length).toBeGreaterThan(10)
      }
    })

    it('speaks of what the release then has', () => {
      const [, install = ''] = installs
      const settings = [...install.matchAll(/--set (\S+)/g)].map(([, setting = '']) => setting)
      const names = renderChart(helm, 'gpu', settings).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      const spoken = commands.flatMap((command) =>
        [...command.matchAll(/\b(deploy|service)\/(pentimento[\w-]*)/g)].map(
          ([, kind, name]) => `${kind === 'deploy' ? 'Deployment' : 'Service'} ${name}`,
        ),
      )
      expect(spoken.length).toBeGreaterThan(3)
      expect(names).toEqual(expect.arrayContaining([...new Set(spoken)]))
      // None of them paints yet.
      const worker = renderChart(helm, 'gpu', settings).find(
        ({ kind, metadata }) => `${kind} ${metadata.name}` === 'Deployment pentimento-worker-sd15',
      )
      expect(worker?.spec.replicas).toBe(0)
    })
  })
})
