import { createServer } from 'node:http'

/** Reads the body, drops it and says 202: what HTTP itself costs. */
const server = createServer((request, response) => {
  request.resume()
  request.once('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{}'))
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'))
process.once('disconnect', () => process.exit(0))
