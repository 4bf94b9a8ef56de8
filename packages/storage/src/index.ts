export { RangeNotSatisfiable, StorageUnavailable } from './errors.ts'
export { contentTypeOf } from './key-rules.ts'
export * as keys from './keys.ts'
export type {
  ByteRange,
  ObjectInfo,
  ObjectStore,
  PutOptions,
  SignedUrlOptions,
  StoredObject,
} from './object-store.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export type { S3Options } from './s3/s3-options.ts'
export { type StorageEnvironment, storeOptions } from './settings.ts'
