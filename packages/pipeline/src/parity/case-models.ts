import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Beside } from '../folder/beside.ts'
import { readModel } from '../folder/read-model.ts'
import { type LoadedModel, loadModel } from '../load-model.ts'
import { localRuntime, type Runtime } from '../ort/runtime.ts'

/** Models that cases are painted with: each is opened once, and what two of them have in common too. */
export interface CaseModels {
  /** @param scheduler what its scheduler_config.json says in addition */
  load(path: string, beside?: Beside, scheduler?: object): Promise<LoadedModel>
  release(): Promise<void>
}

export function caseModels(runtime: Runtime = localRuntime()): CaseModels {
  const models = new Map<string, Promise<LoadedModel>>()
  return {
    async load(path, beside = {}, scheduler) {
      const key = path + JSON.stringify(beside)
      const loading =
        models.get(key) ?? (loadModel(path, { device: 'cpu', threads: 1, runtime, ...beside }) as Promise<LoadedModel>)
      models.set(key, loading)
      return scheduler ? withScheduler(await loading, path, scheduler) : loading
    },
    async release() {
      for (const model of models.values()) await (await model).dispose()
      models.clear()
    },
  }
}

/** The same networks as a copy of the folder has them, whose scheduler is configured otherwise. */
async function withScheduler(model: LoadedModel, path: string, scheduler: object): Promise<LoadedModel> {
  const copy = await mkdtemp(join(tmpdir(), 'model-'))
  try {
    await cp(path, copy, { recursive: true })
    const file = join(copy, 'scheduler/scheduler_config.json')
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...scheduler }))
    const folder = await readModel(copy)
    return { ...model, folder, description: folder.description }
  } finally {
    await rm(copy, { recursive: true })
  }
}
