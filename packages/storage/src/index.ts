export { RangeNotSatisfiable, StorageUnavailable } from './errors.ts'
export * as keys from './keys.ts'
export type {
  ByteRange,
  ObjectInfo,
  ObjectStore,
} from './object-store.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export type { S3Options } from './s3/s3-options.ts'
export { dataDir, storageSettings } from './settings.ts'
