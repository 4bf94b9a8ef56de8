import type { App } from '../deps.ts'

export interface Route {
  method: string
  /** With its parameters, as `/v1/jobs/:id`. */
  path: string
}

/** Every route that the app answers, the undocumented ones and HEAD included, as its router prints them. */
export function routesOf(app: App): Route[] {
  const above: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] = /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)$/.exec(line) ?? []
      if (part === '') return []
      const depth = indent.length / 4
      above.length = depth
      above.push(part)
      return methods.split(', ').map((method) => ({ method, path: above.join('') }))
    })
}
