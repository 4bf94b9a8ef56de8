import { readFile } from 'node:fs/promises'
import { fromHttp } from '@aws-sdk/credential-provider-http'
import { fromWebToken } from '@aws-sdk/credential-provider-web-identity'
import { renewing, type Temporary } from './renewing.ts'
import type { S3Keys, S3Options, S3Role } from './s3-options.ts'

/** Of one question for keys; who asks has a limit of its own, and asks again. */
const askMs = 2_000

/** The keys to sign with now: those that were given, or those of a role, renewed before they end. */
export function keysOf(options: S3Options): () => Promise<S3Keys> {
  if (!('role' in options)) return async () => options
  const { role, region = 'us-east-1' } = options
  return renewing(role.kind === 'container' ? containerKeys(role) : webIdentityKeys(role, region))
}

function containerKeys({ fullUri, relativeUri, token, tokenFile }: S3Role & { kind: 'container' }) {
  return async () => {
    const authorization = tokenFile === undefined ? token : (await readFile(tokenFile, 'utf8')).trim()
    // Empty, because what is not given here is looked for in the environment.
    const ask = fromHttp({
      awsContainerCredentialsFullUri: fullUri ?? '',
      awsContainerCredentialsRelativeUri: relativeUri ?? '',
      awsContainerAuthorizationToken: authorization ?? '',
      awsContainerAuthorizationTokenFile: '',
      maxRetries: 0,
      timeout: askMs,
    })
    return toTemporary(await ask())
  }
}

function webIdentityKeys(role: S3Role & { kind: 'web-identity' }, region: string) {
  const { roleArn, sessionName: roleSessionName, tokenFile, endpoint = `https://sts.${region}.amazonaws.com` } = role
  return async () => {
    // Kubernetes writes a new one every hour.
    const webIdentityToken = (await readFile(tokenFile, 'utf8')).trim()
    const requestHandler = { requestTimeout: askMs, connectionTimeout: askMs }
    const clientConfig = { region, endpoint, maxAttempts: 1, requestHandler }
    return toTemporary(await fromWebToken({ roleArn, roleSessionName, webIdentityToken, clientConfig })())
  }
}

function toTemporary({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: S3Keys & { expiration?: Date }): Temporary {
  return {
    keys: { accessKeyId, secretAccessKey, sessionToken },
    endsAt: expiration?.getTime() ?? Date.now() + 3_600_000,
  }
}
