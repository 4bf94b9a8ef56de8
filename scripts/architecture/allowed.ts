/** What the files of one room may import. Whatever is not named here is forbidden. */
export interface Allowed {
  /** Other rooms, by their package's name without the scope. */
  rooms?: readonly string[]
  /** Packages from the registry. */
  packages?: readonly string[]
  /** Modules of Node. */
  node?: readonly string[]
}

/**
 * The product. Tests and testing rooms may import what their room may, any module of Node, and {@link allowedInTests}
 * besides.
 */
export const allowed: Record<string, Allowed> = {
  // Plain data and functions.
  'packages/vocabulary': {},
  'packages/contracts': { rooms: ['vocabulary'], packages: ['zod'] },

  // What `npm start` and everybody's tests need alike.
  'packages/free-port': { node: ['events', 'net'] },
  'packages/test-redis': { rooms: ['free-port'], node: ['child_process', 'events', 'fs', 'fs/promises', 'os', 'path'] },

  // Bytes in, bytes out: no session is opened here.
  'packages/checkpoints': { node: ['fs', 'fs/promises', 'path', 'zlib'] },

  // One importer for each dangerous dependency.
  'packages/pipeline': {
    rooms: ['checkpoints', 'vocabulary'],
    packages: ['@huggingface/tokenizers', 'onnxruntime-node'],
    node: ['crypto', 'fs', 'fs/promises', 'path', 'timers/promises', 'worker_threads'],
  },
  'packages/images': { packages: ['sharp'], node: ['os', 'timers/promises', 'zlib'] },
  'packages/outbound': { packages: ['undici', 'zod'], node: ['dns', 'dns/promises', 'net', 'stream'] },
  'packages/tracing': {
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
      'zod',
    ],
    node: ['timers/promises'],
  },
  // For users: what runs in browsers, too.
  'packages/client': { packages: ['openapi-fetch'] },
  'packages/state': {
    rooms: ['contracts'],
    packages: ['bullmq', 'ioredis', 'zod'],
    node: ['crypto', 'fs/promises', 'net', 'timers/promises', 'tls'],
  },
  'packages/storage': {
    rooms: ['contracts'],
    packages: ['@aws-sdk/credential-provider-http', '@aws-sdk/credential-provider-web-identity', 'aws4fetch', 'zod'],
    node: ['crypto', 'fs/promises', 'path', 'stream', 'timers/promises', 'url'],
  },

  // The programs.
  'services/api': {
    rooms: ['contracts', 'images', 'outbound', 'playground', 'state', 'storage', 'tracing', 'vocabulary'],
    packages: [
      '@fastify/busboy',
      '@fastify/cors',
      '@fastify/swagger',
      '@scalar/fastify-api-reference',
      'fastify',
      'fastify-type-provider-zod',
      'leven',
      'pino',
      'prom-client',
      'zod',
    ],
    node: ['crypto', 'events', 'fs', 'http', 'net', 'os', 'stream', 'timers/promises', 'util', 'v8', 'worker_threads'],
  },
  'services/worker': {
    rooms: ['checkpoints', 'contracts', 'images', 'outbound', 'pipeline', 'state', 'storage', 'tracing', 'vocabulary'],
    packages: ['pino', 'prom-client', 'zod'],
    node: [
      'child_process',
      'crypto',
      'events',
      'fs',
      'fs/promises',
      'http',
      'net',
      'os',
      'path',
      'readline',
      'timers/promises',
      'url',
      'util',
      'v8',
      'worker_threads',
    ],
  },
  'services/playground': {
    rooms: ['contracts', 'vocabulary'],
    packages: ['@preact/signals', 'esbuild', 'idb-keyval', 'lucide', 'preact'],
    node: ['crypto', 'fs/promises', 'path', 'url', 'util', 'zlib'],
  },
  'services/cli': {
    rooms: ['checkpoints', 'contracts', 'free-port', 'images', 'outbound', 'pipeline', 'state', 'storage', 'worker'],
    packages: ['cli-progress', 'zod'],
    node: [
      'child_process',
      'crypto',
      'dns/promises',
      'fs',
      'fs/promises',
      'net',
      'os',
      'path',
      'timers/promises',
      'url',
      'util',
    ],
  },
}

const tests = ['fast-check', 'vitest']

/** Beside what the product of the room imports. */
export const allowedInTests: Record<string, Allowed> = {
  'packages/vocabulary': { packages: tests },
  'packages/contracts': { packages: tests },
  'packages/checkpoints': { packages: [...tests, 'onnxruntime-node'] },
  'packages/pipeline': { packages: tests },
  'packages/images': { packages: tests },
  'packages/client': { packages: [...tests, 'standardwebhooks'] },
  'packages/outbound': { packages: [...tests, 'ipaddr.js'] },
  'packages/tracing': { packages: tests },
  'packages/state': { rooms: ['test-redis'], packages: tests },
  'packages/storage': { packages: tests },
  'services/api': {
    rooms: ['client', 'free-port', 'test-redis'],
    packages: [
      ...tests,
      'a1111-webui-api',
      'openapi-typescript',
      'playwright-core',
      'replicate',
      'stable-diffusion-api',
      'typescript',
    ],
  },
  'services/worker': { rooms: ['free-port', 'test-redis'], packages: [...tests, 'standardwebhooks'] },
  'services/playground': { rooms: ['checkpoints', 'free-port'], packages: [...tests, 'axe-core', 'playwright-core'] },
  'services/cli': {
    packages: [
      ...tests,
      '@ai-sdk/openai',
      '@ai-sdk/openai-compatible',
      'a1111-webui-api',
      'ai',
      'node-sd-webui',
      'openai',
      'replicate',
      'stable-diffusion-api',
    ],
  },
}

/** A test or what only tests import. */
export function isTest(path: string): boolean {
  return /\.(test|testing|fixture)\.tsx?$|\.test\.|\/(testing|parity|screenshots)(\/|\.ts$)/.test(path)
}
