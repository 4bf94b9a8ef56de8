/** How an S3 bucket is reached; the bucket and the prefix stand in the storage URL. */
export interface S3Options {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
  /** Default `us-east-1`. */
  region?: string | undefined
  /** Origin of the service, such as `http://localhost:9000`. Default: AWS in `region`. */
  endpoint?: string | undefined
  /** Origin under which clients reach the same buckets; without it there are no signed URLs. */
  publicEndpoint?: string | undefined
  /** Bucket in the path or in the host name. Default: `path` with an `endpoint`, `virtual` on AWS. */
  addressing?: 'path' | 'virtual' | undefined
}

/** Limits of one call, in ms. */
export interface Limits {
  timeoutMs: number
  deadlineMs: number
}
