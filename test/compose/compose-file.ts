/** `docker-compose.yml` as Compose reads it: merge keys joined, `${NAME:-default}` replaced as where nothing is set. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../services/checkout.ts';

export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly init?: boolean;
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly deploy?: { readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string } } };
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
}

export function readCompose(): ComposeFile {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  return parse(interpolated(text), { merge: true }) as ComposeFile;
}

/** Every variable must have a default: nothing but Docker is needed for a trial. */
function interpolated(text: string): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (whole, inside: string) => {
    const found = /^[A-Z_]+:-(.*)$/.exec(inside);
    if (!found) throw new Error(`docker-compose.yml: ${whole} has no default`);
    return found[1]!;
  });
}

/** The program of dist that a service of Tally runs, if it is one. */
export function programOf({ command }: Service): string | undefined {
  return command?.find((word) => word.startsWith('dist/'));
}
