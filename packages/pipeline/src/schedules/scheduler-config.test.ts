import { expect, test } from 'vitest'
import { PipelineError } from '../errors.ts'
import { defaultSchedulerConfig, readSchedulerConfig } from './scheduler-config.ts'

test("SD 1.5's file", () => {
  const config = readSchedulerConfig({
    _class_name: 'PNDMScheduler',
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    beta_start: 0.00085,
    clip_sample: false,
    num_train_timesteps: 1000,
    set_alpha_to_one: false,
    skip_prk_steps: true,
    steps_offset: 1,
    trained_betas: null,
  })
  expect(config).toEqual({
    ...defaultSchedulerConfig,
    noise: { ...config.noise, zeroTerminalSnr: false },
    setAlphaToOne: false,
  })
})

test('v-prediction with zero terminal SNR and trailing timesteps', () => {
  const config = readSchedulerConfig({
    prediction_type: 'v_prediction',
    rescale_betas_zero_snr: true,
    timestep_spacing: 'trailing',
    use_karras_sigmas: true,
    final_sigmas_type: 'sigma_min',
  })
  expect(config).toMatchObject({
    prediction: 'v',
    timestepSpacing: 'trailing',
    curve: 'karras',
    finalSigma: 'sigma_min',
  })
  expect(config.noise.zeroTerminalSnr).toBe(true)
})

test('what a file says of the solver', () => {
  const { solver } = readSchedulerConfig({
    solver_order: 3,
    solver_type: 'heun',
    lower_order_final: false,
    euler_at_final: true,
    predict_x0: false,
    disable_corrector: [0],
    skip_prk_steps: false,
  })
  expect(solver).toEqual({
    order: 3,
    type: 'heun',
    lowerOrderFinal: false,
    eulerAtFinal: true,
    predictsNoise: true,
    skipsCorrector: true,
    rungeKutta: true,
  })
})

test('given betas', () => {
  expect(readSchedulerConfig({ trained_betas: [0.1, 0.2, 0.3] }).noise).toMatchObject({ trainTimesteps: 3 })
})

test.each([
  [null, 'is not a JSON object'],
  [[], 'is not a JSON object'],
  [{ prediction_type: 'sample' }, 'prediction_type other than epsilon, v_prediction'],
  [{ prediction_type: 7 }, 'prediction_type other than'],
  [{ timestep_spacing: 'sideways' }, 'timestep_spacing other than linspace, leading, trailing'],
  [{ beta_schedule: 'sigmoid' }, 'beta_schedule other than'],
  [{ beta_start: 'low' }, 'beta_start that is not a number'],
  [{ steps_offset: -1 }, 'steps_offset that is not a number'],
  [{ trained_betas: [2] }, 'trained_betas that are not numbers'],
  [{ thresholding: true }, 'asks for thresholding'],
  [{ use_flow_sigmas: true }, 'asks for use_flow_sigmas'],
  [{ timestep_type: 'continuous' }, 'timestep_type other than discrete'],
])('refuses %j', (json, message) => {
  expect(() => readSchedulerConfig(json)).toThrow(PipelineError)
  expect(() => readSchedulerConfig(json)).toThrow(message)
})
