import { joinedPrompts, promptSchedule, promptSteps, type ScheduledText } from '@pentimento/vocabulary'
import type { GenerateRequest } from '../request.ts'

interface ScheduledPrompts {
  /** What the prompt says at which call of the model; several where `AND` joins them, each with its weight. */
  joined: { weight: number; texts: ScheduledText[] }[]
  negative: ScheduledText[]
}

/** AUTOMATIC1111's prompt language; under `diffusers` a prompt is one text. Only the prompt has `AND`, as there. */
export function scheduledPrompts(request: GenerateRequest): ScheduledPrompts {
  const { prompt, negativePrompt, semantics, sampler, stepsBefore = null } = request
  if (semantics === 'diffusers') {
    const always = (text: string) => [{ until: Number.POSITIVE_INFINITY, text }]
    return { joined: [{ weight: 1, texts: always(prompt) }], negative: always(negativePrompt) }
  }
  const steps = promptSteps(sampler, request.steps)
  return {
    joined: joinedPrompts(prompt).map(({ text, weight }) => ({
      weight,
      texts: promptSchedule(text, steps, stepsBefore),
    })),
    negative: promptSchedule(negativePrompt, steps, stepsBefore),
  }
}
