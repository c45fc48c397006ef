/**
 * Packages to start from. Kept as text in the code, so that they are where the program is, however it was built.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generic } from './generic.ts';
import type { Template } from './template.ts';
import { vietnam2021, vietnam2026 } from './vietnam.ts';

const templates = { generic, 'vietnam-2021': vietnam2021, 'vietnam-2026': vietnam2026 } satisfies Record<
  string,
  Template
>;

export type TemplateName = keyof typeof templates;

export const TEMPLATES: readonly TemplateName[] = Object.keys(templates) as TemplateName[];

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templates, name);
}

export type Written =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Writes a template into a folder that is new or empty; says why where it cannot. */
export async function writeTemplate(name: TemplateName, dir: string): Promise<Written> {
  try {
    await mkdir(dir, { recursive: true });
    const there = await readdir(dir);
    if (there.length > 0)
      return { ok: false, message: `${dir} is not empty (it holds ${there[0]}); name a new folder` };
    const files = Object.entries(templates[name]);
    for (const [file, text] of files) await writeFile(join(dir, file), text);
    return { ok: true, files: files.map(([file]) => file) };
  } catch (error) {
    return { ok: false, message: `cannot write to ${dir}: ${(error as Error).message}` };
  }
}

/** The files of a template by name. */
export function templateFiles(name: TemplateName): Template {
  return templates[name];
}
