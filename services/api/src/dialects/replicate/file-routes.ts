import { keys } from '@pentimento/storage'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../deps.ts'
import { callerOf } from '../../http/auth.ts'
import { HttpProblem } from '../../http/problem.ts'
import { makeRoom } from '../../submit/body-room.ts'
import { formOnly } from '../../submit/form-route.ts'
import { refuseEarly } from '../../submit/refuse-early.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { createFile, deleteFile, fileView, findFile } from './files.ts'
import { about, config, idParams, root } from './route-parts.ts'

const fileFields = ['content', 'metadata']

export function fileRoutes(scope: App, deps: DialectDeps): void {
  const find = (request: FastifyRequest) =>
    findFile(deps, callerOf(request).tenant, (request.params as { id: string }).id)
  scope.post(
    `${root}/files`,
    {
      config: { ...config('submit'), pace: 'own' },
      schema: about('Put a picture down for predictions'),
      onRequest: [formOnly(fileFields, ['multipart/form-data']), refuseEarly(deps.intake.refuse)],
      preValidation: (request, reply) => makeRoom(request, reply, deps.intake),
    },
    async (request, reply) => reply.code(201).send(fileView(await createFile(deps, request), deps.publicUrl)),
  )
  scope.get(`${root}/files`, { config: config('read'), schema: about('Your files') }, async (request) => ({
    previous: null,
    next: null,
    results: (await deps.state.files.list(callerOf(request).tenant)).map((file) => fileView(file, deps.publicUrl)),
  }))
  scope.get(
    `${root}/files/:id`,
    { config: config('read'), schema: about('A file', { params: idParams }) },
    async (request) => fileView(await find(request), deps.publicUrl),
  )
  scope.get(
    `${root}/files/:id/download`,
    { config: config('read'), schema: about('The bytes of a file', { params: idParams }) },
    async (request, reply) => {
      const file = await find(request)
      const object = await deps.store.get(keys.fileKey(file.tenant, file.id, file.format))
      if (!object) throw new HttpProblem('not_found', 'the file is no longer there')
      return reply.type(file.contentType).header('content-length', object.size).send(object.body)
    },
  )
  scope.delete(
    `${root}/files/:id`,
    { config: config('submit'), schema: about('Delete a file', { params: idParams }) },
    async (request, reply) => {
      await deleteFile(deps, await find(request))
      return reply.code(204).send()
    },
  )
}
