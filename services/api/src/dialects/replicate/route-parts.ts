import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { replicateToken } from './token.ts'

/** What every path begins with. */
export const root = '/replicate/v1'

export const idParams = z.object({ id: z.string().max(64) })
export const modelParams = z.object({ owner: z.string().max(100), name: z.string().max(100) })

export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export const config = (scope: 'read' | 'submit') => ({ scope, token: replicateToken })

/** The schema of a route, for the OpenAPI document. Queries that it does not know mean nothing. */
export function about<More extends object>(summary: string, more?: More) {
  return { tags: ['Replicate'], summary, querystring: z.looseObject({}), ...(more as More) }
}
