import { samplerNames, samplerTable, scheduleNames, scheduleTable } from '@pentimento/vocabulary'
import { scriptInfos, scriptNames } from './scripts.ts'

/** Samplers by the names that come back: AUTOMATIC1111's labels. */
const samplers = samplerNames.map((name) => {
  const { label, aliases } = samplerTable[name]
  return { name: label, aliases: [name, ...aliases], options: {} }
})

const schedulers = scheduleNames
  .filter((name) => name !== 'model')
  .map((name) => ({ name, label: scheduleTable[name].label, aliases: null, default_rho: -1, need_inner_model: false }))

/** What is the same for everybody, by path. Nothing is listed that is not there: clients offer what they find. */
export const lists: Record<string, unknown> = {
  samplers,
  schedulers,
  'latent-upscale-modes': [],
  'sd-vae': [],
  'sd-modules': [],
  hypernetworks: [],
  'face-restorers': [],
  'realesrgan-models': [],
  'prompt-styles': [],
  scripts: scriptNames,
  'script-info': scriptInfos,
  extensions: [],
  memory: { ram: { free: 0, used: 0, total: 0 }, cuda: { error: 'unavailable' } },
  'cmd-flags': { api: true },
}

/** What has nothing to do here: models are found without being asked. */
export const nothingToDo: Record<string, unknown> = {
  'refresh-checkpoints': null,
  'refresh-vae': null,
  'refresh-loras': null,
  'refresh-embeddings': null,
  'unload-checkpoint': {},
  'reload-checkpoint': {},
}
