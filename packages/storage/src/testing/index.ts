export type { BucketObject } from './s3-bucket.ts'
export { type Arrival, type Fault, type S3Server, type S3ServerOptions, startS3Server } from './s3-server.ts'
