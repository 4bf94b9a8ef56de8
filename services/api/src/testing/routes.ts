import type { App } from '../deps.ts'

export interface Route {
  method: string
  /** With its parameters, as `/v1/jobs/:id`. */
  path: string
}

/** Whether a route is one that AUTOMATIC1111's clients ask for. */
export const isOfA1111 = (path: string): boolean => /^\/(sdapi|internal|queue|controlnet)\//.test(path)

/** Whether a route outside of our own API's is of a dialect. */
export const isOfDialect = (path: string): boolean => isOfA1111(path) || path.startsWith('/replicate/')

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
