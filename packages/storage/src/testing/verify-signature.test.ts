import { describe, expect, it } from 'vitest'
import { type Verifier, verifySignature, type WireRequest } from './verify-signature.ts'

// The credentials and signatures of Amazon's own examples for these two requests (Amazon S3 API reference, SigV4).
const verifier: Verifier = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  now: () => new Date('2013-05-24T00:00:05Z'),
}
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function headerRequest(): WireRequest {
  return {
    method: 'GET',
    target: '/test.txt',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': EMPTY,
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
  }
}

function presignedRequest(): WireRequest {
  const query =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'
  return { method: 'GET', target: `/test.txt?${query}`, headers: { host: 'examplebucket.s3.amazonaws.com' } }
}

describe('the signature verifier', () => {
  it("accepts Amazon's examples", () => {
    expect(verifySignature(headerRequest(), verifier)).toBeNull()
    expect(verifySignature(presignedRequest(), verifier)).toBeNull()
  })

  it.each<[string, (request: WireRequest) => void, string]>([
    ['another method', (r) => (r.method = 'PUT'), 'SignatureDoesNotMatch'],
    ['another path', (r) => (r.target = r.target.replace('test', 'best')), 'SignatureDoesNotMatch'],
    ['another host', (r) => (r.headers.host = 'other'), 'SignatureDoesNotMatch'],
    ['an added parameter', (r) => (r.target += `${r.target.includes('?') ? '&' : '?'}acl=`), 'SignatureDoesNotMatch'],
    ['an unsigned amz header', (r) => (r.headers['x-amz-acl'] = 'public-read'), 'AccessDenied'],
  ])('refuses %s', (_, change, code) => {
    for (const request of [headerRequest(), presignedRequest()]) {
      change(request)
      expect(verifySignature(request, verifier)).toBe(code)
    }
  })

  it('refuses a changed signed header, another key and another region', () => {
    const request = headerRequest()
    request.headers.range = 'bytes=0-10'
    expect(verifySignature(request, verifier)).toBe('SignatureDoesNotMatch')
    expect(verifySignature(headerRequest(), { ...verifier, accessKeyId: 'x' })).toBe('InvalidAccessKeyId')
    expect(verifySignature(headerRequest(), { ...verifier, secretAccessKey: 'x' })).toBe('SignatureDoesNotMatch')
    expect(verifySignature(headerRequest(), { ...verifier, region: 'eu-west-1' })).toBe('SignatureDoesNotMatch')
  })

  it('refuses requests without a signature and those out of time', () => {
    expect(verifySignature({ method: 'GET', target: '/', headers: {} }, verifier)).toBe('AccessDenied')
    const tomorrow = { ...verifier, now: () => new Date('2013-05-25T00:00:01Z') }
    expect(verifySignature(presignedRequest(), tomorrow)).toBe('AccessDenied')
    expect(verifySignature(headerRequest(), tomorrow)).toBe('RequestTimeTooSkewed')
  })
})
