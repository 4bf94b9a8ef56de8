import { limits } from '@pentimento/contracts'
import { controlNames } from '@pentimento/vocabulary'
import { callerOf } from '../../http/auth.ts'
import { clientSignal } from '../../http/gone-client.ts'
import { jsonBytes } from '../json-body.ts'
import { controlModels, controlTypes } from './control-models.ts'
import { moduleDetails, moduleNames } from './control-modules.ts'
import { detect } from './detect.ts'
import type { Routes } from './route.ts'
import { asObject } from './values.ts'

/** Of its API, as sd-webui-controlnet counts it; clients offer units where it is above 0. */
const version = 3

/** What sd-webui-controlnet adds to the API: its clients ask for that before they send units. */
export function controlNetRoutes({ add, get, ofModels }: Routes): void {
  get('/controlnet/version', 'Which API the units have', async () => ({ version }))
  get('/controlnet/settings', 'How many units there are', async () => ({ control_net_unit_count: controlNames.length }))
  get('/controlnet/module_list', 'Preprocessors', async ({ query }) => {
    const byAlias = /^(true|1)$/i.test(String(asObject(query).alias_names))
    return { module_list: moduleNames(byAlias), module_detail: moduleDetails(byAlias) }
  })
  ofModels('/controlnet/model_list', 'ControlNets, T2I-Adapters and IP-Adapters', (models) => {
    return { model_list: controlModels(models) }
  })
  ofModels('/controlnet/control_types', 'Preprocessors with what goes with them', (models) => {
    return { control_types: controlTypes(models) }
  })
  add({
    method: 'POST',
    url: '/controlnet/detect',
    summary: 'What a preprocessor makes of pictures',
    scope: 'submit',
    body: jsonBytes(limits.imageBytes),
    handler: (request, reply) => {
      const { tenant } = callerOf(request)
      return detect(asObject(request.body), { tenant, upload: request.upload, gone: clientSignal(reply) })
    },
  })
}
