import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** The secrets key is missing or not 32 bytes of base64. */
export class SecretsKeyInvalid extends Error {
  constructor(detail: string) {
    super(`SECRETS_KEY ${detail}: give 32 random bytes in base64, for example from "openssl rand -base64 32"`)
    this.name = 'SecretsKeyInvalid'
  }
}

/** Throws `SecretsKeyInvalid`. */
export function parseSecretsKey(base64: string | undefined): Buffer {
  if (base64 === undefined) throw new SecretsKeyInvalid('is not set')
  const key = Buffer.from(base64, 'base64')
  if (key.length !== 32) throw new SecretsKeyInvalid('is not 32 bytes long')
  return key
}

/** `whsec_` and 32 random bytes in base64, as Standard Webhooks has it. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** AES-256-GCM; `owner` is authenticated, so that a ciphertext cannot be moved to another tenant. */
export function encrypt(key: Buffer, owner: string, secret: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

/** Throws when the key is another one, or the ciphertext is somebody else's or was changed. */
export function decrypt(key: Buffer, owner: string, encrypted: string): string {
  const all = Buffer.from(encrypted, 'base64')
  const decipher = createDecipheriv(algorithm, key, all.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(owner))
    .setAuthTag(all.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(all.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
}
