import { type JobRecord, outputUrls } from '@pentimento/state'
import { type Caller, signerOf } from '../../http/auth.ts'
import { HttpProblem } from '../../http/problem.ts'
import type { Holder } from '../../submit/holder.ts'
import { base64Pieces } from '../base64-pieces.ts'
import { type ResultPicture, resultPictures } from '../result-pictures.ts'
import type { DialectDeps } from '../run-jobs.ts'
import type { JsonPieces } from '../slow-answer.ts'
import type { OpenaiFields } from './request.ts'

/** A picture with an address where it opens without a key. */
interface Painted extends ResultPicture {
  url: string
}

/** The pictures of jobs that have ended, in order. @throws HttpProblem for a job that ended without */
export async function picturesOf(
  deps: DialectDeps,
  jobs: readonly JobRecord[],
  holder: Holder,
  caller: Caller,
): Promise<Painted[]> {
  const all: Painted[] = []
  const { publicUrl } = deps
  const signer = await signerOf(deps, caller)
  for (const job of jobs) {
    refuseEnded(job)
    const urls = outputUrls(job, { publicUrl, signer })
    for (const [index, picture] of (await resultPictures(deps, job, holder)).entries())
      all.push({ ...picture, url: urls[index] ?? '' })
  }
  return all
}

function refuseEnded({ status, result }: JobRecord): void {
  if (status === 'succeeded') return
  if (status === 'canceled') throw new HttpProblem('already_final', 'the job was canceled')
  if (status === 'expired') throw new HttpProblem('overloaded', 'the job did not start in time')
  throw new HttpProblem(result?.error?.code ?? 'internal_error', result?.error?.message ?? 'the job failed')
}

/** Nothing is billed here, and clients that count read zeros. */
export const usage = {
  input_tokens: 0,
  output_tokens: 0,
  total_tokens: 0,
  input_tokens_details: { image_tokens: 0, text_tokens: 0 },
}

/** What all answers to a request say of its pictures. */
export function described(
  { output_format, quality }: OpenaiFields,
  { width, height }: Pick<Painted, 'width' | 'height'>,
) {
  return { size: `${width}x${height}`, quality: quality ?? 'auto', background: 'opaque', output_format }
}

/** OpenAI's answer, its pictures written as they are read. */
export async function* imagesAnswer(
  fields: OpenaiFields,
  jobs: readonly JobRecord[],
  pictures: readonly Painted[],
): JsonPieces {
  const [first] = pictures
  const head = {
    created: Math.floor(Date.now() / 1000),
    ...(first && described(fields, first)),
    usage,
    warnings: warningsOf(jobs),
  }
  yield `${JSON.stringify(head).slice(0, -1)},"data":[`
  for (const [i, picture] of pictures.entries()) {
    yield `${i === 0 ? '' : ','}{"seed":${picture.seed},`
    if (fields.response_format === 'url') yield `"url":${JSON.stringify(picture.url)}`
    else {
      yield '"b64_json":"'
      yield* base64Pieces(picture.bytes)
      yield '"'
    }
    yield '}'
  }
  yield ']}'
}

function warningsOf(jobs: readonly JobRecord[]): object[] {
  const all = jobs.flatMap(({ request, result }) => [...(request.warnings ?? []), ...(result?.warnings ?? [])])
  return [...new Map(all.map((warning) => [warning.message, warning])).values()]
}
