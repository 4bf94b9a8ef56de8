// What a picture made without queue and HTTP (the command `generate`) shares with one made by a job: the same request
// gives the same bytes.
export { adapterHashes } from './adapters/adapter-hashes.ts'
export { findAdapters } from './adapters/find-adapters.ts'
export { embeddedMetadata } from './generate/embedded-metadata.ts'
export { type Input, nothingMasked, sourceOf } from './generate/inputs.ts'
export { embeddingsFor, enlargingFor, modelFor } from './generate/model-for.ts'
export { toGenerateRequest } from './generate/to-generate-request.ts'
export { modelPaths } from './models/find-models.ts'
export { toModelEntry } from './models/model-entry.ts'
export { deviceSettings, modelSettings, probeSettings } from './settings.ts'
