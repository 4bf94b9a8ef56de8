export { isAllowEntry } from './allow-list.ts'
export type { Resolve } from './guarded-connector.ts'
export {
  type Answer,
  createOutbound,
  type Outbound,
} from './outbound.ts'
export { type OutboundCode, OutboundError, portsOf } from './outbound-error.ts'
export { isPublicAddress } from './public-address.ts'
