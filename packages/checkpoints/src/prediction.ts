import type { Family, Told, UnetFacts } from './architecture.ts'
import { CheckpointError } from './errors.ts'
import type { JsonObject } from './read-json.ts'
import { type Prediction, predictionNamed, type Sidecar } from './sidecar.ts'

/** Noise levels that other formulas make: a model trained on them paints noise with these. */
const otherNoise = /^(edm_mean|edm_std|edm_vpred\.sigma_(min|max))$/

/** What may tell what a model predicts, besides its family. */
interface PredictionSources {
  sidecar: Sidecar
  sidecarName: string
  /** Of the safetensors file. */
  metadata: ReadonlyMap<string, string>
  /** The tensors' names, of a single file: markers stand among them, often empty. */
  names: ReadonlySet<string>
  /** scheduler_config.json, of a folder. */
  scheduler: JsonObject | null
}

/**
 * What the UNet predicts. Where neither the sidecar, nor metadata, nor a marker, nor a scheduler's config says so, it
 * is the noise, as all SD 1.x and SDXL models without a mark do; an SD 2.x model may be of either kind, and null says
 * that only a run can tell.
 *
 * @throws CheckpointError for models whose noise levels are made in another way (EDM)
 */
export function predictionOf(
  family: Family,
  unet: UnetFacts,
  { sidecar, sidecarName, metadata, names, scheduler }: PredictionSources,
): Told<Prediction | null> {
  if ([...names].some((name) => otherNoise.test(name))) {
    throw new CheckpointError('It is a model of the EDM kind (Playground 2.5, CosXL), which is not supported.')
  }
  if (sidecar.prediction) return { value: sidecar.prediction, told: 'the JSON file beside it says so' }
  const stated = predictionNamed(metadata.get('modelspec.prediction_type'))
  if (stated) return { value: stated, told: 'its metadata say so (modelspec.prediction_type)' }
  if (names.has('v_pred')) return { value: 'v', told: 'it has the marker "v_pred"' }
  const configured = predictionNamed(scheduler?.prediction_type)
  if (configured) return { value: configured, told: 'scheduler_config.json says so' }
  if (scheduler) return { value: 'epsilon', told: 'scheduler_config.json says nothing else' }
  const otherwise = `where its pictures are noise, state the other in ${sidecarName}: {"prediction": "v"}`
  if (family !== 'sd2') return { value: 'epsilon', told: `nothing says otherwise; ${otherwise}` }
  if (unet.channels === 9) return { value: 'epsilon', told: `all inpainting models of SD 2.x do; ${otherwise}` }
  const override = `{"prediction": "v"} or "epsilon" in ${sidecarName} overrides it`
  return { value: null, told: `no word in the file tells; a run at load does, and ${override}` }
}

/** What diffusers' single-file loader writes down for a family besides. */
const spacings: Record<Family, JsonObject> = {
  sd1: {},
  sd2: {},
  sdxl: { timestep_spacing: 'leading' },
  'sdxl-refiner': { timestep_spacing: 'leading' },
}

/**
 * The scheduler's config of a single file, in diffusers' words. Without `timestep_spacing` each class keeps its own
 * default.
 *
 * @param names the tensors' names
 */
export function familyScheduler(family: Family, prediction: Prediction | null, names: ReadonlySet<string>): JsonObject {
  return {
    beta_schedule: 'scaled_linear',
    beta_start: 0.00085,
    beta_end: 0.012,
    num_train_timesteps: 1000,
    steps_offset: 1,
    ...spacings[family],
    ...(prediction === 'v' ? { prediction_type: 'v_prediction' } : {}),
    ...(names.has('ztsnr') ? { rescale_betas_zero_snr: true } : {}),
  }
}
