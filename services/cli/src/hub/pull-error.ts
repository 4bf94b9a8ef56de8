import { HubRefusal } from './hub-error.ts'

interface Asked {
  repo: string
  revision: string
  hubUrl: string
  hasToken: boolean
}

/** A failed pull in words that say what to do. What has nothing to do with the hub stays as it is. */
export function pullError(error: unknown, asked: Asked): unknown {
  const words =
    error instanceof HubRefusal
      ? statusInWords(error.status, asked)
      : error instanceof TypeError && error.cause instanceof Error
        ? `${new URL(asked.hubUrl).origin} cannot be reached (${codeOf(error.cause) ?? error.cause.message}); what has been loaded is kept, pull again later`
        : null
  return words === null ? error : new Error(words, { cause: error })
}

function statusInWords(status: number, { repo, revision, hubUrl, hasToken }: Asked): string {
  if (status === 401) {
    return hasToken
      ? `the hub does not accept HF_TOKEN for ${repo}: it is no longer valid, or there is no such repository (401)`
      : `${repo} is private or gated, or there is no such repository: set HF_TOKEN to a token that may read it (401)`
  }
  if (status === 403) {
    return `${repo} may not be read: accept its conditions at ${hubUrl}/${repo} and set HF_TOKEN to a token of the same account (403)`
  }
  if (status === 404) return `${repo} was not found, or it has no revision "${revision}" (404)`
  if (status === 429)
    return 'the hub has had too many requests from here; what has been loaded is kept, wait and pull again (429)'
  if (status >= 500) return `the hub is out of order (${status}); what has been loaded is kept, pull again later`
  return `the hub answered with status ${status}`
}

export function codeOf(error: unknown): string | null {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return typeof code === 'string' ? code : null
}
