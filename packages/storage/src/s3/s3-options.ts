/** Keys that requests are signed with. */
export interface S3Keys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/** Where keys come from that live for hours: whoever runs the process gave it a role. */
export type S3Role =
  | {
      /** A token of the cluster, in a file that is written anew before it ends, is changed for keys. */
      kind: 'web-identity'
      roleArn: string
      tokenFile: string
      /** By which the role's use is known in logs. */
      sessionName: string
      /** Of the token service; by default the region's. */
      endpoint?: string | undefined
    }
  | {
      /** An endpoint beside the container gives keys. */
      kind: 'container'
      fullUri?: string | undefined
      relativeUri?: string | undefined
      token?: string | undefined
      tokenFile?: string | undefined
    }

interface S3Place {
  /** Default `us-east-1`. */
  region?: string | undefined
  /** Origin of the service, such as `http://localhost:9000`. Default: AWS in `region`. */
  endpoint?: string | undefined
  /** Origin under which clients reach the same buckets; without it there are no signed URLs. */
  publicEndpoint?: string | undefined
  /** Bucket in the path or in the host name. Default: `path` with an `endpoint`, `virtual` on AWS. */
  addressing?: 'path' | 'virtual' | undefined
}

/** How an S3 bucket is reached; the bucket and the prefix stand in the storage URL. */
export type S3Options = S3Place & (S3Keys | { role: S3Role })

/** Limits of one call, in ms. */
export interface Limits {
  timeoutMs: number
  deadlineMs: number
}
