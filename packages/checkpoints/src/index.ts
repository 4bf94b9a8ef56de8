export type { Dtype, Tensor, Weights } from './weights.ts'
