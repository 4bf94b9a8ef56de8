import { withoutSecrets } from '@pentimento/contracts'
import { fieldProblem } from '../http/problem.ts'

/** Refuses a URL with an API key or a webhook secret in it, which would be told to its host. @throws HttpProblem */
export function refuseKey(field: string, url: string): void {
  if (withoutSecrets(url) === url) return
  throw fieldProblem('invalid_fields', field, 'must not hold an API key or a webhook secret')
}
