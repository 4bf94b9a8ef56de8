import type { Attack } from './context.ts'
import { head, keepOpen } from './raw-http.ts'

/** 1,500 requests at once on each of 32 connections, without a key, and no answer is read. */
export const pipelining: Attack = {
  name: 'pipelining',
  run: ({ url, until }) =>
    keepOpen(32, url, until, (socket) => socket.pause().write(head('GET', '/openapi.json', null).repeat(1500))),
}

const paths = ['/docs/', '/docs/js/scalar.js', '/', '/nowhere', '/v1/jobs', '/openapi.json']

/** The same for every other document, for refusals, and for answers that are cut in pieces. */
export const pipelinedDocuments: Attack = {
  name: 'pipelined-documents',
  run: ({ url, until }) =>
    keepOpen(256, url, until, (socket, n) =>
      socket.pause().write(head('GET', paths[n % paths.length] ?? '/', null).repeat(60)),
    ),
}

/** Heads of 15 kB behind an answer that is not read: what waits is parsed and kept. */
export const fatHeads: Attack = {
  name: 'fat-heads',
  run: ({ url, until }) => {
    const fat = head('GET', '/livez', null, { 'x-fat': 'x'.repeat(15_000) })
    return keepOpen(200, url, until, (socket) =>
      socket.pause().write(head('GET', '/docs/js/scalar.js', null) + fat.repeat(50)),
    )
  },
}
