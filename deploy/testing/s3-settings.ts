import type { S3Server } from '../../packages/storage/src/testing/index.ts'

/** The environment of a deployment that keeps its pictures in `server`, below the prefix `deployment`. */
export function s3Settings({ bucket, endpoint, options }: S3Server): Record<string, string> {
  return {
    STORAGE_URL: `s3://${bucket}/deployment`,
    S3_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: options.accessKeyId,
    AWS_SECRET_ACCESS_KEY: options.secretAccessKey,
  }
}
