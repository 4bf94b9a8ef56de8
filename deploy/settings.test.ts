import { type Environment, type SettingsBlock, SettingsError, variablesOf } from '@pentimento/contracts'
import { describe, expect, it } from 'vitest'
import { blocks as apiBlocks, loadConfig as loadApiConfig } from '../services/api/src/config.ts'
import { blocks as cliBlocks, loadConfig as loadCliConfig } from '../services/cli/src/config.ts'
import { loadConfig as loadWorkerConfig, blocks as workerBlocks } from '../services/worker/src/config.ts'

interface Program {
  blocks: Record<string, SettingsBlock>
  loadConfig: (env: Environment) => Record<string, unknown>
}

const programs: Record<string, Program> = {
  api: { blocks: apiBlocks, loadConfig: loadApiConfig },
  worker: { blocks: workerBlocks, loadConfig: loadWorkerConfig },
  cli: { blocks: cliBlocks, loadConfig: loadCliConfig },
}

const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
const role = { AWS_ROLE_ARN: 'arn:aws:iam::1:role/p', AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token' }
const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' }
const ports = { taken: ['1', '65535', '8081'], refused: ['0', '65536', '70000', '-1', '80.5', 'http', '80a'] }
const times = { taken: ['1', '900', '1.5s', '15m', '500ms', '1h'], refused: ['0', 'soon', '-1', '3000h', '1d'] }
const origins = {
  taken: ['http://host:9000', 'https://host', 'https://host/'],
  refused: ['host:9000', 'ftp://host', 'https://host/path', 'https://me:hunter2@host'],
}
const text = { taken: ['some', 'a b'], refused: [] }
const flags = { taken: ['on', 'off'], refused: ['yes', 'true', '1', 'ON'] }

/**
 * What a variable may be and what it may not, for every one that more than one program reads. Beside some, others have
 * to be set.
 */
const values: Record<string, { taken: string[]; refused: string[]; beside?: Environment }> = {
  HOST: {
    taken: ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::', '192.168.0.4'],
    refused: [],
    beside: { ALLOW_OPEN: 'on' },
  },
  PORT: ports,
  PUBLIC_URL: {
    taken: ['https://images.example', 'https://example.com/images/', 'http://[::1]:80'],
    refused: ['images.example', 'https://h/?a', 'https://me:hunter2@h', 'ftp://h'],
  },
  REDIS_URL: {
    taken: [
      'redis://host:6379',
      'rediss://:hunter2@host/0',
      'redis+sentinel://:hunter2@a,b:1/name/2',
      'rediss+cluster://a,[::1]:2',
    ],
    refused: ['http://:hunter2@host', 'host:6379', 'x', 'redis+sentinel://:hunter2@a', 'redis+cluster://:hunter2@a/1'],
  },
  REDIS_TLS_CA: { taken: ['/etc/ca.pem'], refused: [], beside: { REDIS_URL: 'rediss://host' } },
  REDIS_TLS_CERT: {
    taken: ['/etc/client.pem'],
    refused: [],
    beside: { REDIS_URL: 'rediss+cluster://host', REDIS_TLS_KEY: '/etc/client.key' },
  },
  REDIS_TLS_KEY: {
    taken: ['/etc/client.key'],
    refused: [],
    beside: { REDIS_URL: 'rediss+sentinel://host/name', REDIS_TLS_CERT: '/etc/client.pem' },
  },
  REDIS_SENTINEL_USERNAME: {
    taken: ['me'],
    refused: [],
    beside: { REDIS_URL: 'redis+sentinel://host/name', REDIS_SENTINEL_PASSWORD: 'hunter2' },
  },
  REDIS_SENTINEL_PASSWORD: { taken: ['hunter2'], refused: [], beside: { REDIS_URL: 'redis+sentinel://host/name' } },
  REDIS_WAIT_REPLICAS: { taken: ['0', '1', '10'], refused: ['-1', '11', '1.5', 'all'] },
  REDIS_NAMESPACE: {
    taken: ['a', 'n'.repeat(41), 'n'.repeat(50), 'n'.repeat(64)],
    refused: ['n'.repeat(65), 'A', 'a:b', 'a b'],
  },
  SECRETS_KEY: {
    taken: [Buffer.alloc(32).toString('base64')],
    refused: ['hunter2', Buffer.alloc(31).toString('base64')],
  },
  SIGNED_URL_SECONDS: { taken: ['60', '604800'], refused: ['59', '604801', '60.5', '1h', 'off'] },
  WEBHOOK_ALLOW_HTTP: flags,
  LOCK_DURATION: times,
  STALLED_INTERVAL: times,
  DATA_DIR: { taken: ['./here', '/srv/pentimento'], refused: [] },
  STORAGE_URL: {
    taken: ['file:///srv/pictures', 's3://bucket', 's3://bucket/some/prefix'],
    refused: ['ftp://x/y', 's3://B', 'file://host/x', 's3://bucket/a//b', 'pictures'],
    beside: keys,
  },
  S3_ENDPOINT: { ...origins, beside: keys },
  S3_PUBLIC_ENDPOINT: { ...origins, beside: keys },
  S3_REGION: { ...text, beside: keys },
  S3_ADDRESSING: { taken: ['path', 'virtual'], refused: ['dns', 'PATH'], beside: keys },
  AWS_ACCESS_KEY_ID: { taken: ['id'], refused: [], beside: { AWS_SECRET_ACCESS_KEY: 'secret' } },
  AWS_SECRET_ACCESS_KEY: { taken: ['secret'], refused: [], beside: { AWS_ACCESS_KEY_ID: 'id' } },
  AWS_SESSION_TOKEN: { ...text, beside: keys },
  AWS_REGION: { ...text, beside: keys },
  AWS_ROLE_ARN: { ...text, beside: { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token' } },
  AWS_WEB_IDENTITY_TOKEN_FILE: { ...text, beside: { AWS_ROLE_ARN: 'arn:aws:iam::1:role/p' } },
  AWS_ROLE_SESSION_NAME: { taken: ['api-1', 'a@b'], refused: ['a b', 'a'], beside: role },
  AWS_ENDPOINT_URL_STS: { ...origins, beside: role },
  AWS_CONTAINER_CREDENTIALS_FULL_URI: text,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: text,
  AWS_CONTAINER_AUTHORIZATION_TOKEN: { ...text, beside: container },
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: { ...text, beside: container },
  LOG_LEVEL: { taken: ['fatal', 'info', 'trace', 'silent'], refused: ['loud', 'INFO'] },
  SAFETY_CHECKER: { taken: ['off', 'flag', 'block'], refused: ['on', 'BLOCK'] },
  OUTBOUND_ALLOW: {
    taken: ['10.0.0.0/8, localhost', 'fd00::/8,'],
    refused: ['10.0.0.0/33', 'http://host', '*.example.com'],
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: { taken: ['http://collector:4318', 'https://c/x'], refused: ['collector:4318', 'x'] },
  WORKER_HOST: { taken: ['127.0.0.1', '::', '0.0.0.0'], refused: [] },
  WORKER_PORT: { taken: [...ports.taken, '0'], refused: ports.refused.filter((value) => value !== '0') },
  MODELS_DIR: { taken: ['models', '/srv/models'], refused: [] },
  BUILTIN_MODEL: flags,
  MODELS: { taken: ['a', 'a, b,'], refused: [] },
  DEVICE: { taken: ['auto', 'cpu', 'cuda', 'webgpu'], refused: ['gpu', 'CPU'] },
  THREADS: { taken: ['1', '1024'], refused: ['0', '1025', 'many', '1.5'] },
}

/** The programs that read a variable. */
function readersOf(variable: string): Program[] {
  return Object.values(programs).filter(({ blocks }) => variablesOf(blocks).includes(variable))
}

/** What a program makes of an environment, by the blocks that read the variable, or how it refuses it. */
function reading({ blocks, loadConfig }: Program, variable: string, env: Environment): Record<string, unknown> {
  try {
    loadConfig(env)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { refused: error.message }
  }
  const reading = Object.entries(blocks).filter(([, block]) => variablesOf({ block }).includes(variable))
  return Object.fromEntries(reading.map(([name, block]) => [name, block.parse(env)]))
}

const shared = [...new Set(Object.values(programs).flatMap(({ blocks }) => variablesOf(blocks)))].filter(
  (variable) => readersOf(variable).length > 1,
)

describe('a variable that more than one program reads', () => {
  it('is in the table', () => {
    // The api takes its model for requests that name none, the worker for the one to load first: each says for itself
    // what it is when it is not set.
    expect(Object.keys(values).sort()).toEqual(shared.filter((name) => name !== 'DEFAULT_MODEL').sort())
  })

  const cases = Object.entries(values).flatMap(([variable, { taken, refused, beside = {} }]) => [
    ...taken.map((value) => ({ variable, value, beside, isTaken: true })),
    ...refused.map((value) => ({ variable, value, beside, isTaken: false })),
  ])

  it.each(cases)('is read alike: $variable=$value', ({ variable, value, beside, isTaken }) => {
    const readings = readersOf(variable).map((program) => reading(program, variable, { ...beside, [variable]: value }))
    // A block that not all of them have, such as the models', may read it besides.
    const [everyones = ''] = Object.keys(readings[0] ?? {})
    for (const other of readings) expect(other[everyones]).toEqual(readings[0]?.[everyones])
    const said = readings[0]?.refused
    expect(said === undefined).toBe(isTaken)
    if (!isTaken) {
      expect(said).toMatch(new RegExp(`^${variable}: must be [^\\n]+$`))
      expect(said).not.toContain('hunter2')
    }
  })

  it.each<[string, Environment]>([
    ['REDIS_TLS_CA', { REDIS_TLS_CA: '/ca.pem' }],
    ['REDIS_TLS_CERT', { REDIS_URL: 'rediss://h', REDIS_TLS_CERT: '/client.pem' }],
    ['REDIS_TLS_KEY', { REDIS_URL: 'rediss://h', REDIS_TLS_KEY: '/client.key' }],
    ['REDIS_SENTINEL_PASSWORD', { REDIS_URL: 'redis+cluster://h', REDIS_SENTINEL_PASSWORD: 'hunter2' }],
    ['REDIS_SENTINEL_USERNAME', { REDIS_URL: 'redis+sentinel://h/name', REDIS_SENTINEL_USERNAME: 'me' }],
  ])('%s is refused where it would do nothing', (variable, env) => {
    for (const { loadConfig } of Object.values(programs)) {
      expect(() => loadConfig(env)).toThrow(`${variable}: must be beside `)
      expect(() => loadConfig(env)).not.toThrow('hunter2')
    }
  })

  it.each([
    ['0.0.0.0', 'http://localhost:8080'],
    ['::', 'http://localhost:8080'],
    ['::1', 'http://[::1]:8080'],
    ['192.168.0.4', 'http://192.168.0.4:8080'],
  ])('HOST=%s makes the URLs of answers, of webhooks and of the commands begin with %s', (HOST, url) => {
    const env = { HOST, ALLOW_OPEN: 'on' }
    expect(loadApiConfig(env).address.publicUrl).toBe(url)
    expect(loadWorkerConfig(env).address.publicUrl).toBe(url)
    expect(loadCliConfig(env).address).toMatchObject({ publicUrl: url, localUrl: url })
  })
})
