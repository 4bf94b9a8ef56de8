import type { IncomingHttpHeaders } from 'node:http'

/** The key in HTTP Basic: the password, or the user if that looks like a key; a Bearer token counts too. */
export function basicToken({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  const [, scheme = '', value = ''] = /^(basic|bearer) +(\S+)$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() !== 'basic') return value || undefined
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  return user.startsWith('pmt_') ? user : password || undefined
}
