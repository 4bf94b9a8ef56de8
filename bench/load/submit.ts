import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { BenchCluster, Tenant } from './cluster.ts'
import type { Connections } from './connections.ts'

export interface Form {
  type: string
  body: Buffer
}

/** The form of a job over a photo of `side` × `side` pixels, with an output of that size. */
export async function photoForm(side: number, fields: Record<string, string | number>): Promise<Form> {
  const photo = await readFile(fileURLToPath(new URL('../fixtures/photo-512.png', import.meta.url)))
  const picture = side === 512 ? photo : await sharp(photo).resize(side, side).png().toBuffer()
  const form = new FormData()
  const all = { prompt: 'a mountain', strength: 1, seed: 1, width: side, height: side, ...fields }
  for (const [name, value] of Object.entries(all)) form.append(name, String(value))
  form.append('image', new Blob([Uint8Array.from(picture)]), 'photo.png')
  const encoded = new Response(form)
  return { type: encoded.headers.get('content-type') ?? '', body: Buffer.from(await encoded.arrayBuffer()) }
}

/** One submit: its status (0 when the connection broke), the problem's code, and the id of an accepted job. */
export interface Submitted {
  tenant: Tenant
  status: number
  code: string | null
  id: string | null
  /** Seconds until the end, as the answer foretold. */
  eta: number | null
  /** From the moment it was to be sent: what waits for a connection counts. */
  ms: number
}

export async function submit(
  cluster: BenchCluster,
  connections: Connections,
  tenant: Tenant,
  { type, body }: Form,
): Promise<Submitted> {
  const began = performance.now()
  const headers = { 'content-type': type, authorization: `Bearer ${tenant.token}` }
  try {
    const answer = await connections.send('POST', `${cluster.url}/v1/img2img`, headers, body)
    const { id = null, code = null, eta_seconds: eta = null } = JSON.parse(answer.body)
    const { status } = answer
    return { tenant, status, code, id: status === 202 ? id : null, eta, ms: performance.now() - began }
  } catch (error) {
    const code = error instanceof Error ? error.message : 'error'
    return { tenant, status: 0, code, id: null, eta: null, ms: performance.now() - began }
  }
}
