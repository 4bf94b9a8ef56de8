export { manyChunks, manyScans, plainPng, textBomb } from './costly-pictures.ts'
