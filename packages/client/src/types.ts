import type { components, operations, paths } from './schema.ts'

export type Job = components['schemas']['Job']
export type Problem = components['schemas']['Problem']
export type Preview = components['schemas']['Preview']
/** What happens to a job: `job` at first and at each change, the last one with its end. */
export type JobEvent = components['schemas']['StreamEvent']

export type BrowserToken = operations['createBrowserToken']['responses'][200]['content']['application/json']

type Body<Path extends '/v1/txt2img' | '/v1/img2img' | '/v1/inpaint'> = paths[Path]['post'] extends {
  requestBody?: { content: { 'multipart/form-data': infer Form } }
}
  ? Form
  : never

export type Txt2imgForm = Body<'/v1/txt2img'>
export type Img2imgForm = Body<'/v1/img2img'>
export type InpaintForm = Body<'/v1/inpaint'>
