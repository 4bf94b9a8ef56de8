import { type CliConfig } from '../packages/cli/src/config.ts';
/** The environment in which the real stack runs in a test: a model of its own choice, a private Redis, free ports, everything else in `dataDir`. */
export declare function stackConfig(dataDir: string, extra?: Record<string, string>): Promise<CliConfig>;
/** The tiny random models: fast, and enough for everything but looking at pictures. */
export declare function tinyModels(): Record<string, string>;
/** The built-in model where it has been trained, else a tiny one. */
export declare function shownModels(): Record<string, string>;
//# sourceMappingURL=stack-config.d.ts.map