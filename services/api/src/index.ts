export { createApp } from './app.ts'
export { type Config, ConfigError, loadConfig, variables } from './config.ts'
export type { App, Deps } from './deps.ts'
