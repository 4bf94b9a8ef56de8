import type { Attack } from './context.ts'
import { head, keepOpen } from './raw-http.ts'

/** 3,000 connections that say nothing, or begin a head and never end it. */
export const idleConnections: Attack = {
  name: 'idle-connections',
  run: ({ url, until }) =>
    keepOpen(3000, url, until, (socket, n) => {
      if (n % 2 === 0) socket.write('GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: ')
    }),
}

/** Readers that take a byte a second of what is large: documents, and pages of jobs. */
export const slowReaders: Attack = {
  name: 'slow-readers',
  run: ({ url, token, until }) =>
    keepOpen(1200, url, until, (socket, n) => {
      socket.write(n % 2 === 0 ? head('GET', '/docs/js/scalar.js', null) : head('GET', '/v1/jobs?limit=100', token))
      socket.pause()
      const sip = setInterval(() => socket.read(1), 1000)
      socket.once('close', () => clearInterval(sip))
    }),
}

/** As many requests as 1,000 connections can ask for, one after another, half of them with keys that are none. */
export const requestStorm: Attack = {
  name: 'request-storm',
  run: ({ url, until }) =>
    keepOpen(1000, url, until, (socket, n) => {
      const wrong = `pmt_${'a'.repeat(8)}_${'b'.repeat(43)}`
      const asked = n % 2 === 0 ? head('GET', '/livez', null) : head('GET', '/v1/jobs', wrong)
      socket.write(asked)
      socket.on('data', () => socket.write(asked))
    }),
}
