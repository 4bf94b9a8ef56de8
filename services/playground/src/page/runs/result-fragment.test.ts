import { newJobId } from '@pentimento/contracts'
import { expect, it } from 'vitest'
import { fragmentOf, linkedResult } from './result-fragment.ts'

it('names a result, and finds it again', () => {
  for (const index of [0, 7]) {
    const result = { job: newJobId(), index }
    expect(linkedResult(fragmentOf(result))).toEqual(result)
  }
})

it('takes nothing else for one', () => {
  for (const fragment of ['', '#', '#more', '#job_1', `#${newJobId()}/10`, `#${newJobId()}<`])
    expect(linkedResult(fragment), fragment).toBeNull()
})
