import { key, keyLimits, keyScopeList, tenantName } from '@pentimento/contracts'
import { toKey, toLimits } from '@pentimento/state'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { HttpProblem } from '../http/problem.ts'
import { bodyRefusals, refusals } from '../http/schemas.ts'

const keyRequest = z.strictObject({
  tenant: tenantName,
  scopes: keyScopeList.default(['submit', 'read']),
  limits: keyLimits.default({}),
  expires_at: z.iso
    .datetime({ offset: true })
    .refine((time) => Date.parse(time) > Date.now(), 'must be in the future')
    .optional(),
})
const newKey = z.object({ key, token: z.string().describe('shown once') })
const params = z.object({ id: z.string().max(64) })
const config = { scope: 'admin' } as const

/** Keys of all tenants, for whoever runs the service. */
export function registerAdminKeys(app: App, deps: Pick<Deps, 'state'>): void {
  const { tenants } = deps.state
  const schema = (operationId: string, summary: string) => ({ tags: ['Admin'], operationId, summary })

  app.route({
    method: 'GET',
    url: '/v1/admin/keys',
    config,
    schema: {
      ...schema('listKeys', 'All keys, or those of a tenant'),
      querystring: z.strictObject({ tenant: tenantName.optional() }),
      response: { 200: z.object({ data: z.array(key) }), ...refusals() },
    },
    handler: async (request) => ({ data: (await tenants.listKeys(request.query.tenant)).map(toKey) }),
  })

  app.route({
    method: 'POST',
    url: '/v1/admin/keys',
    config,
    schema: {
      ...schema('createKey', 'Make a key'),
      body: keyRequest,
      response: { 201: newKey, ...bodyRefusals() },
    },
    handler: async (request, reply) => {
      const { expires_at, limits, ...rest } = request.body
      const created = await tenants.createKey({
        ...rest,
        limits: toLimits(limits),
        ...(expires_at !== undefined && { expiresAt: Date.parse(expires_at) }),
      })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ key: toKey(created.key), token: created.token })
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/admin/keys/:id',
    config,
    schema: {
      ...schema('revokeKey', 'Revoke a key, everywhere within ten seconds'),
      params,
      response: { 204: z.undefined(), ...refusals('not_found') },
    },
    handler: async (request, reply) => {
      if (!(await tenants.revokeKey(request.params.id))) throw new HttpProblem('not_found', 'there is no such key')
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/admin/keys/:id/rotate',
    config,
    schema: {
      ...schema('rotateKey', 'Make a new token for a key; the old one works for another 24 hours'),
      params,
      response: { 201: newKey, ...bodyRefusals('not_found') },
    },
    handler: async (request, reply) => {
      const rotated = await tenants.rotateKey(request.params.id)
      if (rotated === null) {
        throw new HttpProblem('not_found', 'there is no such key, or it is revoked, expired or was rotated before')
      }
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ key: toKey(rotated.key), token: rotated.token })
    },
  })
}
