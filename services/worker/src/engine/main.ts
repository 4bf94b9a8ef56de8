import { connectEngine } from './connect-engine.ts'
import { pipelineBackend } from './pipeline-backend.ts'

// The engine: the pipeline behind the worker's channel. Started by the worker, never by hand.
connectEngine(pipelineBackend({ visibleGpus: process.env.CUDA_VISIBLE_DEVICES }))
