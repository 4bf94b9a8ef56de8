import { expect, it } from 'vitest'
import { likelyCause } from './likely-cause.ts'

it('says of a model of safetensors how its prediction was told, and so how to state the other', () => {
  const request = { semantics: 'a1111', prompt: 'a cat', negativePrompt: '', guidanceScale: 7 } as const
  const told = { prediction: 'nothing says otherwise; state the other in cat.json' }
  expect(likelyCause(request, { prediction: 'epsilon', told })).toBe(
    "The model's weights may be broken, or its prediction is not epsilon (nothing says otherwise; state the other in cat.json).",
  )
  expect(likelyCause({ ...request, guidanceScale: 20 }, { prediction: 'epsilon', told })).not.toContain('prediction')
})
