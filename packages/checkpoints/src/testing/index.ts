export { numberedFile } from './numbered-file.ts'
export { ldmTensors, type TinyFamily } from './tiny-checkpoints.ts'
export type { Stored } from './write-safetensors.ts'
