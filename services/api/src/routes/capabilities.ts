import { capabilities, limits } from '@pentimento/contracts'
import {
  fileFields,
  samplerNames,
  samplerSpellings,
  scheduleNames,
  scheduleTable,
  snakeCase,
} from '@pentimento/vocabulary'
import type { App } from '../deps.ts'
import { refusals } from '../http/schemas.ts'

const formats = fileFields.output_format.values

const answer = {
  samplers: samplerNames.map((name) => {
    const [label, ...aliases] = samplerSpellings(name)
    return { name, label, aliases }
  }),
  schedules: scheduleNames.map((name) => ({ name, label: scheduleTable[name].label })),
  output_formats: [...formats],
  input_formats: [...formats],
  limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [snakeCase(name), value])),
}

export function registerCapabilities(app: App): void {
  app.route({
    method: 'GET',
    url: '/v1/capabilities',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      operationId: 'getCapabilities',
      summary: 'Samplers, schedules, formats and limits',
      response: { 200: capabilities, ...refusals() },
    },
    handler: async () => answer,
  })
}
