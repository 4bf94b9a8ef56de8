import { createHash, randomBytes } from 'node:crypto'
import { limits } from '@pentimento/contracts'
import { contentTypes, sniffFormat } from '@pentimento/images'
import type { FileRecord } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import type { FastifyRequest } from 'fastify'
import { callerOf } from '../../http/auth.ts'
import { mediaType, readParts } from '../../http/form-parts.ts'
import { fieldProblem, HttpProblem } from '../../http/problem.ts'
import { countedBody } from '../../submit/body-room.ts'
import type { DialectDeps } from '../run-jobs.ts'

/** How long a file is kept; Replicate's are for an hour. */
const keptMs = 24 * 3_600_000

/** Keeps the file of a form's `content`. @throws HttpProblem */
export async function createFile(deps: DialectDeps, request: FastifyRequest): Promise<FileRecord> {
  const { tenant } = callerOf(request)
  const bytes = await contentOf(request)
  const format = sniffFormat(bytes)
  if (format === null) throw fieldProblem('invalid_image', 'content', 'the file is not a PNG, JPEG or WebP picture')
  const createdAt = Date.now()
  const file: FileRecord = {
    id: randomBytes(16).toString('hex'),
    tenant,
    name: `picture.${format}`,
    contentType: contentTypes[format],
    format,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    createdAt,
    expiresAt: createdAt + keptMs,
  }
  // The record first: what it does not name, nobody would ever delete.
  await deps.state.files.add(file)
  try {
    await deps.store.put(keys.fileKey(tenant, file.id, format), bytes, { contentType: file.contentType })
  } catch (error) {
    await deps.state.files.remove(tenant, file.id).catch(() => {})
    throw error
  }
  return file
}

/** The part `content` of a form; what else is in it, such as `metadata`, means nothing. */
async function contentOf(request: FastifyRequest): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  const boundary = mediaType(request.headers['content-type'])?.params.get('boundary')
  if (!boundary) throw new HttpProblem('invalid_multipart', 'the Content-Type of the form names no boundary')
  await readParts(countedBody(request), boundary, ({ name }) => (piece) => {
    if (name !== 'content' || piece === null) return
    size += piece.length
    if (size > limits.imageBytes)
      throw fieldProblem('payload_too_large', 'content', `is larger than ${limits.imageBytes} bytes`)
    pieces.push(piece)
  })
  if (size === 0) throw fieldProblem('image_required', 'content', 'send a file')
  return Buffer.concat(pieces, size)
}

/** @throws HttpProblem */
export async function findFile({ state }: DialectDeps, tenant: string, id: string): Promise<FileRecord> {
  const file = await state.files.get(tenant, id)
  if (!file) throw new HttpProblem('not_found', 'there is no such file')
  return file
}

export async function deleteFile(deps: DialectDeps, file: FileRecord): Promise<void> {
  await deps.store.delete(keys.fileKey(file.tenant, file.id, file.format))
  await deps.state.files.remove(file.tenant, file.id)
}

/** A file as Replicate shows it. */
export function fileView(
  { id, name, contentType, bytes, sha256, createdAt, expiresAt }: FileRecord,
  publicUrl: string,
) {
  return {
    id,
    name,
    content_type: contentType,
    size: bytes,
    etag: sha256,
    checksums: { sha256 },
    metadata: {},
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
    urls: { get: `${publicUrl}/replicate/v1/files/${id}` },
  }
}
