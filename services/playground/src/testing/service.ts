import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putModels } from '@pentimento/checkpoints/testing'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { openBrowser } from './browser.ts'
import { type RunningStack, runStack } from './running-stack.ts'

/** The whole service and a browser, while tests run. */
export interface Service {
  url: string
  startKeyedApi: RunningStack['startKeyedApi']
  /** The folder of the models: the tiny ones, with LoRAs, ControlNets and IP-Adapters. */
  models: string
  browser: Browser
  /** What the browser complains of during a test, which must come to nothing. */
  complaints: string[]
}

/**
 * Starts both before the tests of a file and stops them after them, as each takes seconds of the processor to start;
 * every test begins and ends without a visitor.
 */
export function useService(): Service {
  const service = {} as Service
  const stops: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    const models = await mkdtemp(join(tmpdir(), 'pentimento-playground-models-'))
    stops.push(() => rm(models, { recursive: true, force: true }))
    await putModels(models)
    const starting = [runStack({ MODELS_DIR: models }), openBrowser()] as const
    for (const one of starting)
      one.then((started) => stops.push('stop' in started ? started.stop : () => started.close()))
    const [{ url, startKeyedApi }, browser] = await Promise.all(starting)
    Object.assign(service, { url, startKeyedApi, models, browser })
  }, 120_000)
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop()
  })
  beforeEach(() => {
    service.complaints = []
  })
  afterEach(async () => {
    for (const context of service.browser.contexts()) await context.close()
    expect(service.complaints).toEqual([])
  })
  return service
}
