import { type ImageMetadata, readMetadata, sniffFormat } from '@pentimento/images'
import { fieldProblem } from '../../http/problem.ts'
import type { Upload } from '../../http/upload-budget.ts'
import { readPictureText } from '../picture-text.ts'
import type { Sent } from './values.ts'

/** What a picture says of how it was made, as `png-info` tells it. @throws HttpProblem */
export async function pngInfo(sent: Sent, upload: Upload) {
  const { metadata } = await pictureOf(sent, upload)
  const info = metadata?.parametersText ?? ''
  return { info, items: info === '' ? {} : { parameters: info }, parameters: parseInfotext(info) }
}

async function pictureOf(sent: Sent, upload: Upload): Promise<{ metadata: ImageMetadata | null }> {
  const text = typeof sent.image === 'string' ? sent.image.trim() : ''
  if (text === '') throw fieldProblem('not_found', 'image', 'Image not found')
  const picture = await readPictureText(text, upload)
  if ('url' in picture || sniffFormat(picture.bytes) === null)
    throw fieldProblem('invalid_image', 'image', 'Invalid encoded image')
  return { metadata: await readMetadata(picture.bytes) }
}

const pair = /\s*([\w\s/-]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/g

/**
 * Reads AUTOMATIC1111's text of parameters: the prompt, the negative prompt behind its words, and in the last line what
 * else there is (`modules/infotext_utils.py`, parse_generation_parameters).
 */
function parseInfotext(text: string): Record<string, string> {
  if (text.trim() === '') return {}
  const lines = text.trim().split('\n')
  const last = lines.at(-1) ?? ''
  const hasPairs = [...last.matchAll(pair)].length >= 3
  const words = hasPairs ? lines.slice(0, -1) : lines
  const at = words.findIndex((line) => line.startsWith('Negative prompt:'))
  const [prompt, negative] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)]
  const found: Record<string, string> = {
    Prompt: prompt.join('\n'),
    'Negative prompt': negative.join('\n').replace(/^Negative prompt:\s*/, ''),
  }
  if (!hasPairs) return found
  for (const [, name = '', value = ''] of last.matchAll(pair)) {
    const size = /^(\d+)x(\d+)$/.exec(value)
    if (size) Object.assign(found, { [`${name}-1`]: size[1], [`${name}-2`]: size[2] })
    else found[name] = unquote(value)
  }
  return found
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return value
  }
}
