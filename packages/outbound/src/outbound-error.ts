/** Ports that may be dialled, unless a host is allowed by name or address: then any. */
export const portsOf = { https: [443, 8443], http: [80, 8080] }

const noPublicAddress = 'the host has no public address and is not in OUTBOUND_ALLOW'

/** Why a request to somebody else's server failed; the text of each may be shown to the tenant who gave the URL. */
const PUBLIC_REASONS = {
  url_invalid: 'the URL is not a valid absolute URL',
  scheme_refused:
    'the URL must begin with https://, or with http:// where that is allowed (webhooks: WEBHOOK_ALLOW_HTTP)',
  credentials_refused: 'the URL must not carry a user name or a password',
  port_refused: `the port of the URL must be ${portsOf.https.join(' or ')}, or ${portsOf.http.join(' or ')} where http is allowed; of a host in OUTBOUND_ALLOW any`,
  address_refused: noPublicAddress,
  // The same words as for a private address: nobody learns here which internal names exist.
  host_unknown: noPublicAddress,
  connect_failed: 'the server cannot be reached',
  tls_failed: 'the certificate of the server is not valid',
  timeout: 'the server took too long',
  too_large: 'the answer is larger than allowed',
  too_many_redirects: 'the URL redirects too often',
  status_refused: 'the server did not answer with 200',
  encoding_refused: 'the answer is compressed, although no compression was asked for',
  interrupted: 'the server ended the connection before its answer was complete',
} as const

export type OutboundCode = keyof typeof PUBLIC_REASONS

/** A failed outgoing request. `publicReason` is safe to show; `message` and `cause` are for the log. */
export class OutboundError extends Error {
  readonly code: OutboundCode
  readonly publicReason: string
  /** HTTP status of the answer, where there was one. */
  readonly status: number | undefined

  constructor(code: OutboundCode, detail: string, options: { cause?: unknown; status?: number } = {}) {
    super(`${PUBLIC_REASONS[code]}: ${detail}`, { cause: options.cause })
    this.name = 'OutboundError'
    this.code = code
    this.publicReason = PUBLIC_REASONS[code]
    this.status = options.status
  }
}

const TLS_CODES = /^(ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_SSL_|EPROTO)/
const UNKNOWN_HOST_CODES = ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT', 'EBADNAME']
const TIMEOUT_CODES = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']
const INTERRUPTED_CODES = ['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RES_EXCEEDED_MAX_SIZE']

/** Whatever the HTTP client threw, as one of our own errors. */
export function outboundErrorOf(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error
  const cause = error instanceof Error && error.cause instanceof OutboundError ? error.cause : null
  if (cause !== null) return cause
  return new OutboundError(codeOf(error), error instanceof Error ? error.message : String(error), { cause: error })
}

function codeOf(error: unknown): OutboundCode {
  if (!(error instanceof Error)) return 'connect_failed'
  const code = 'code' in error ? String(error.code) : ''
  if (error.name === 'TimeoutError' || TIMEOUT_CODES.includes(code)) return 'timeout'
  if (UNKNOWN_HOST_CODES.includes(code)) return 'host_unknown'
  if (TLS_CODES.test(code)) return 'tls_failed'
  if (INTERRUPTED_CODES.includes(code) || code.startsWith('HPE_') || code === 'ECONNRESET') return 'interrupted'
  return 'connect_failed'
}
