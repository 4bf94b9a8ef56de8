import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { publicPath, stripPublicPath, watchPaths } from './public-path.ts'

it.each([
  ['https://h.example', ''],
  ['https://h.example/pentimento', '/pentimento'],
  ['https://h.example/a/b', '/a/b'],
])('of %s is %j', (url, path) => {
  expect(publicPath(url)).toBe(path)
})

it.each([
  ['/', '/'],
  ['/v1/jobs?limit=1', '/v1/jobs?limit=1'],
  ['/a/b', '/'],
  ['/a/b?x=1', '/?x=1'],
  ['/a/b/', '/'],
  ['/a/b/v1/jobs?limit=1', '/v1/jobs?limit=1'],
  ['/a/bc', '/a/bc'],
  ['/a', '/a'],
  ['*', '*'],
])('is taken off %s: %s', (url, rest) => {
  expect(stripPublicPath('https://h.example/a/b')({ url } as never)).toBe(rest)
  expect(stripPublicPath('https://h.example')({ url } as never)).toBe(url)
})

it('must not be one of the api', () => {
  const app = Fastify()
  const refuse = watchPaths(app)
  for (const url of ['/', '/v1/jobs/:id', '/docs/', '*']) app.get(url, async () => '')
  for (const taken of ['v1', 'docs/x', 'docs'])
    expect(() => refuse(`https://h.example/${taken}`), taken).toThrow(
      `PUBLIC_URL: its path must not begin with /${taken.split('/')[0]}, which is a path of the api itself`,
    )
  for (const free of ['', '/', '/pentimento', '/v2', '/pentimento/v1']) refuse(`https://h.example${free}`)
})
