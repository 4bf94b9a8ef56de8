import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Busboy } from '@fastify/busboy'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import sharp from 'sharp'

/**
 * The least that accepting a picture can be: parse the form, decode it with sharp, hash it, write it with fsync, add a
 * job to the queue. No checks, no record, no idempotency, no framework: what the api is measured against.
 */
const [port, redisUrl = '', folder = ''] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const connection = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
const queue = new Queue('bare', { connection, prefix: '{bare}' })
sharp.cache(false)
sharp.concurrency(1)

function readForm(request: IncomingMessage): Promise<{ fields: Record<string, string>; image: Buffer }> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {}
    const chunks: Buffer[] = []
    const parser = new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
    })
    parser.on('field', (name, value) => {
      fields[name] = value
    })
    parser.on('file', (_name, stream) => {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    })
    parser.on('finish', () => resolve({ fields, image: Buffer.concat(chunks) }))
    parser.on('error', reject)
    request.pipe(parser)
  })
}

const server = createServer(async (request, response) => {
  const { fields, image } = await readForm(request)
  await sharp(image).raw().toBuffer()
  const sha256 = createHash('sha256').update(image).digest('hex')
  const id = randomUUID()
  const file = await open(join(folder, `${id}.png`), 'w')
  await file.writeFile(image)
  await file.sync()
  await file.close()
  await queue.add('job', { ...fields, id, sha256 }, { jobId: id })
  response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ id }))
})
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.once('disconnect', () => process.exit(0))
