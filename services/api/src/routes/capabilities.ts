import { capabilities, limits } from '@pentimento/contracts'
import { samplerNames, samplerSpellings, scheduleNames, scheduleTable } from '@pentimento/vocabulary'
import type { App } from '../deps.ts'
import { problems } from '../http/schemas.ts'

const formats = ['png', 'jpeg', 'webp'] as const

const answer = {
  samplers: samplerNames.map((name) => {
    const [label, ...aliases] = samplerSpellings(name)
    return { name, label, aliases }
  }),
  schedules: scheduleNames.map((name) => ({ name, label: scheduleTable[name].label })),
  output_formats: [...formats],
  input_formats: [...formats],
  limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [snake(name), value])),
}

export function registerCapabilities(app: App): void {
  app.route({
    method: 'GET',
    url: '/v1/capabilities',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      summary: 'Samplers, schedules, formats and limits',
      response: { 200: capabilities, ...problems },
    },
    handler: async () => answer,
  })
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
