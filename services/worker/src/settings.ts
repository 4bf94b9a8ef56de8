import { resolve } from 'node:path'
import { anyPort, duration, list, memorySize, onOff, wholeFrom } from '@pentimento/contracts'
import { dataDir } from '@pentimento/storage'
import { z } from 'zod'

/** Roles that one worker process can have. */
const roles = ['generate', 'background'] as const

const devices = ['auto', 'cpu', 'cuda', 'webgpu'] as const

/** Which models there are: the commands look at the same ones. */
export const modelSettings = z
  .object({
    DATA_DIR: dataDir,
    MODELS_DIR: z.string().optional(),
    BUILTIN_MODEL: onOff.default(true),
    MODELS: list.optional(),
  })
  .transform((v) => ({
    /** The folder whose subfolders and .safetensors files are models; it may be absent. */
    dir: resolve(v.MODELS_DIR ?? resolve(v.DATA_DIR, 'models')),
    /** Whether the built-in model is one of them. */
    builtin: v.BUILTIN_MODEL,
    /** The only ones that are served, by id; null for all that are found. */
    only: v.MODELS ?? null,
  }))

/** What they run on, here and in the commands. */
export const deviceSettings = z
  .object({ DEVICE: z.enum(devices).default('auto'), THREADS: wholeFrom(1, 1024).nullable().default(null) })
  .transform(({ DEVICE, THREADS }) => ({ device: DEVICE, threads: THREADS }))

/** Where the worker's probes and metrics are: `npm start` waits for it there. */
export const probeSettings = z
  .object({ WORKER_HOST: z.string().default('127.0.0.1'), WORKER_PORT: anyPort.default(8081) })
  .transform(({ WORKER_HOST, WORKER_PORT }) => ({ host: WORKER_HOST, port: WORKER_PORT }))

/** What only the worker reads. */
export const workerSettings = z
  .object({
    ROLES: list.pipe(z.array(z.enum(roles)).min(1)).default([...roles]),
    DEFAULT_MODEL: z.string().nullable().default(null),
    MODEL_MEMORY: memorySize.nullable().default(null),
    LOAD: z.enum(['auto', 'fast', 'lean']).default('auto'),
    SLOTS: wholeFrom(1, 64).nullable().default(null),
    SLOT_MEGAPIXELS: wholeFrom(1, 1000).default(32),
    MAX_ROWS: wholeFrom(1, 64).default(16),
    WARM_SHAPES: list.pipe(z.array(z.string().regex(/^\d+x\d+$/, 'must be sizes such as 768x512'))).default([]),
    STEP_SLOWDOWN: z.coerce.number().min(1).max(100).default(2),
    JOB_TIMEOUT: duration.default(900_000),
    CANCEL_GRACE: duration.default(10_000),
    DRAIN_TIMEOUT: duration.default(15_000),
  })
  .transform((v) => ({
    roles: v.ROLES,
    /** The model that is loaded and warmed up at start; null for the first. */
    defaultModel: v.DEFAULT_MODEL,
    /** Null for a share of the machine's. */
    modelMemoryBytes: v.MODEL_MEMORY,
    /** How weights of safetensors come into memory; `auto` looks whether all models fit together. */
    load: v.LOAD,
    /** Jobs in the engine at once; null for what suits the device. */
    slots: v.SLOTS,
    /** What these hold together, but for one that is larger by itself. */
    slotMegapixels: v.SLOT_MEGAPIXELS,
    /** What of them goes into one call. */
    /** Sizes of pictures that a GPU sees when a model is loaded, beside the model's own. */
    warmShapes: v.WARM_SHAPES.map((text) => {
      const [width = 0, height = 0] = text.split('x').map(Number)
      return { width, height }
    }),
    rows: { maxRows: v.MAX_ROWS, slowdown: v.STEP_SLOWDOWN },
    jobTimeoutMs: v.JOB_TIMEOUT,
    cancelGraceMs: v.CANCEL_GRACE,
    drainTimeoutMs: v.DRAIN_TIMEOUT,
  }))
