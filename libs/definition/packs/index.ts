/**
 * The rule packs that a package can name in `rules` as `pack:<id>`.
 */
import type { PackData } from './pack.ts';
import { vietnam2021 } from './vietnam-2021.ts';
import { vietnam2026 } from './vietnam-2026.ts';

export const PACKS: ReadonlyMap<string, PackData> = new Map([vietnam2021, vietnam2026].map((pack) => [pack.id, pack]));
