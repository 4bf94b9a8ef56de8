import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Node to run Pentimento on: this one if it is new enough, else the one that the npm package node-linux-… brought.
 */
export function findNode24(root) {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  const brought = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(brought)) return brought
  throw new Error(
    `Pentimento needs Node 24 or newer, and this is Node ${process.versions.node}: on Linux it brings its own, on ${process.platform} ${process.arch} please install it first.`,
  )
}
