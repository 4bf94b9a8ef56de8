import type { components, paths } from './schema.ts'

export type Job = components['schemas']['Job']
export type Problem = components['schemas']['Problem']
export type Progress = NonNullable<Job['progress']>

type Body<Path extends '/v1/txt2img' | '/v1/img2img' | '/v1/inpaint'> = paths[Path]['post'] extends {
  requestBody?: { content: { 'multipart/form-data': infer Form } }
}
  ? Form
  : never

export type Txt2imgForm = Body<'/v1/txt2img'>
export type Img2imgForm = Body<'/v1/img2img'>
export type InpaintForm = Body<'/v1/inpaint'>
