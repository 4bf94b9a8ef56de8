export { pngChunk } from '../png-chunks.ts'
export { manyChunks, manyScans, plainPng, textBomb } from './costly-pictures.ts'
