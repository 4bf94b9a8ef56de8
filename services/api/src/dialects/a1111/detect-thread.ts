import { parentPort, workerData } from 'node:worker_threads'
import { preprocess } from '@pentimento/vocabulary'
import type { Detecting } from './detect.ts'

const { image, preprocessor, thresholds } = workerData as Detecting
preprocess(image, 3, preprocessor, thresholds)
parentPort?.postMessage(image.data)
