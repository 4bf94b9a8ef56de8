import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseRedisUrl } from './target.ts'

const none = { master: '', tls: false, username: undefined, password: undefined, db: 0 }

test.each([
  ['redis://localhost', { ...none, kind: 'server', nodes: [{ host: 'localhost', port: 6379 }] }],
  ['redis://r:1/', { ...none, kind: 'server', nodes: [{ host: 'r', port: 1 }] }],
  [
    'rediss://:pw@r:1/2',
    { ...none, kind: 'server', nodes: [{ host: 'r', port: 1 }], tls: true, password: 'pw', db: 2 },
  ],
  ['redis://[::1]:7', { ...none, kind: 'server', nodes: [{ host: '::1', port: 7 }] }],
  [
    'redis+sentinel://me:p%40ss@a,b:5/mymaster/3',
    {
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 5 },
      ],
      master: 'mymaster',
      tls: false,
      username: 'me',
      password: 'p@ss',
      db: 3,
    },
  ],
  [
    'rediss+cluster://a:1,[fd00::2]:2',
    {
      ...none,
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'fd00::2', port: 2 },
      ],
      tls: true,
    },
  ],
])('reads %s', (url, target) => {
  expect(parseRedisUrl(url)).toEqual(target)
})

describe('says what is wrong, and nothing that may be secret', () => {
  it.each([
    ['http://:hunter2@h', 'must be a URL such as redis://localhost:6379, redis+sentinel://'],
    ['redis://:hunter2@', 'must be a URL such as redis://localhost:6379, '],
    ['redis://:hunter2@h?db=1', 'must be a URL such as redis://localhost:6379, '],
    ['redis://:hunter2@h:0', 'a host cannot be read'],
    ['redis://:hunter2@h:70000', 'a host cannot be read'],
    ['redis://:hunter2@a,b', 'only Sentinels and nodes of a cluster may be several'],
    ['redis://:hunter2@h/x', 'the number of a database ends it'],
    ['redis+sentinel://:hunter2@a,b', 'the name that the Sentinels give to the master is missing'],
    ['redis+sentinel://:hunter2@a/m/1/2', 'the number of a database ends it'],
    ['redis+cluster://:hunter2@a/1', 'a cluster has only the database 0'],
    ['redis+pluto://:hunter2@a', 'must be a URL such as redis://localhost:6379, '],
    ['redis://:hunter2%@h', 'user and password must be percent-encoded'],
  ])('%s', (url, words) => {
    expect(() => parseRedisUrl(url)).toThrow(words)
    expect(() => parseRedisUrl(url)).not.toThrow('hunter2')
  })
})

test('any user and password come through, percent-encoded', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string({ minLength: 1, unit: 'grapheme' }),
      (user, pass) => {
        const { username, password } = parseRedisUrl(
          `redis://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@h`,
        )
        expect([username, password]).toEqual([user, pass])
      },
    ),
  )
})
