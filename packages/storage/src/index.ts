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
export { openStore, type S3Options, type StoreOptions } from './open-store.ts'
