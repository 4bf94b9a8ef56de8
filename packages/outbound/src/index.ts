export type { Resolve } from './guarded-connector.ts'
export {
  type Answer,
  createOutbound,
  type Outbound,
} from './outbound.ts'
export { type OutboundCode, OutboundError, portsOf } from './outbound-error.ts'
export { isPublicAddress } from './public-address.ts'
export { outboundSettings } from './settings.ts'
