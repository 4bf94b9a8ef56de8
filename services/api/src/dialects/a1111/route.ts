import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KnownModel } from '../../submit/find-model.ts'
import type { DialectDeps } from '../run-jobs.ts'
import type { Previews } from './previews.ts'

export interface Route {
  method: 'GET' | 'POST'
  url: string
  summary: string
  scope: 'read' | 'submit'
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  /** Bytes of the body that it reads; without a number it takes one and does not look at it. */
  body?: number
  /** Makes jobs. */
  submits?: true
}

/** What those who register routes work with. */
export interface Routes {
  deps: DialectDeps
  previews: Previews
  add(route: Route): void
  get(url: string, summary: string, handler: Route['handler']): void
  /** What is told of the models that the caller may use. */
  ofModels(url: string, summary: string, view: (models: KnownModel[]) => unknown): void
}
