export { isAllowEntry } from './allow-list.ts'
export type { Resolve } from './guarded-connector.ts'
export {
  type Answer,
  createOutbound,
  type Fetched,
  type FetchOptions,
  type Outbound,
  type OutboundOptions,
  type PostOptions,
} from './outbound.ts'
export { type OutboundCode, OutboundError, portsOf } from './outbound-error.ts'
export { isPublicAddress } from './public-address.ts'
