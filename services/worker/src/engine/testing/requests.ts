import { type Img2imgRequest, plainSettings } from '@pentimento/pipeline'
import type { Script } from './scripted-engine.ts'

export const scriptedEngine = new URL('./scripted-engine.ts', import.meta.url)

/** All that an engine needs of a test's environment. */
export const engineEnv: NodeJS.ProcessEnv = {
  PATH: '/usr/bin',
  ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
}
export const rows = { maxRows: 16, slowdown: 2 }

/** A complete request of 16×16 pixels; the script, if any, travels as the prompt. */
export function requestFor(script: Script = {}, overrides: Partial<Img2imgRequest> = {}): Img2imgRequest {
  return {
    ...plainSettings,
    image: { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(200) },
    prompt: JSON.stringify(script),
    width: 16,
    height: 16,
    steps: 4,
    schedule: 'karras',
    seed: 42,
    ...overrides,
  }
}
