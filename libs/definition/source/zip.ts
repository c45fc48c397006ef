/**
 * The files of a zipped package. Whatever the zip claims, no more is unpacked than a package may hold, no name leads
 * out of it, and every entry's checksum is looked at.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { type Problems, shown } from '../problems.ts';
import type { PackageFiles } from './files.ts';
import { LIMITS, type Limits, tooLarge } from './limits.ts';
import { packedBytes, type ZipEntry, zipEntries } from './zip-directory.ts';

/** What archivers of some systems add on their own. */
const ADDED_BY_SYSTEMS = /^__MACOSX\/|(^|\/)\.DS_Store$|(^|\/)Thumbs\.db$/;

/** Unpacks a zip; the package may lie in one folder at the top. Problems are told; then the files may be incomplete. */
export function filesOfZip(bytes: Uint8Array, problems: Problems, limits: Limits = LIMITS): PackageFiles {
  const directory = zipEntries(bytes, limits.entries);
  if ('fault' in directory) {
    problems.add('.', undefined, 'broken-zip', directory.fault);
    return new Map();
  }
  if (directory.claimed > limits.entries) {
    problems.add(
      '.',
      undefined,
      'too-large',
      `the zip has ${directory.claimed} entries, ${limits.entries} are allowed`,
    );
    return new Map();
  }
  const unpacked = unpackAll(bytes, directory.entries, problems, limits);
  return inTopFolder(unpacked);
}

function unpackAll(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  problems: Problems,
  limits: Limits,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let left = limits.totalBytes;
  for (const entry of entries) {
    const fault = nameFault(entry, files);
    if (fault) {
      problems.add(entry.name || '.', undefined, fault.code, fault.message);
      continue;
    }
    if (entry.name.endsWith('/')) continue;
    const unpacked = unpack(bytes, entry, Math.min(left, limits.fileBytes));
    if ('fault' in unpacked) {
      problems.add(
        entry.name,
        undefined,
        unpacked.code,
        unpacked.fault ?? `unpacking was stopped: ${tooLarge(limits)}`,
      );
      if (unpacked.code === 'too-large') break;
    } else {
      left -= unpacked.content.length;
      files.set(entry.name, unpacked.content);
    }
  }
  return files;
}

function nameFault(
  { name, isLink }: ZipEntry,
  files: ReadonlyMap<string, unknown>,
): { code: string; message: string } | undefined {
  const parts = name.split('/');
  if (
    name === '' ||
    name.startsWith('/') ||
    name.includes('\\') ||
    /^[A-Za-z]:/.test(name) ||
    parts.includes('..') ||
    name.includes('\0')
  )
    return {
      code: 'climbs-out',
      message: `the zip's entry ${shown(name)} leads out of the package (an absolute path, "..", or a backslash); pack the folder anew`,
    };
  if (isLink) return { code: 'not-a-file', message: `the zip's entry ${shown(name)} is a link; pack the file itself` };
  if (files.has(name)) return { code: 'duplicate-file', message: `the zip holds ${shown(name)} twice; keep one` };
  return undefined;
}

/** A fault without words is one of size. */
type Unpacked = { readonly content: Uint8Array } | Fault;
type Fault = { readonly fault: string | undefined; readonly code: string };

const TOO_LARGE: Fault = { code: 'too-large', fault: undefined };

function unpack(bytes: Uint8Array, entry: ZipEntry, most: number): Unpacked {
  if (entry.encrypted) return { code: 'broken-zip', fault: 'this entry is encrypted; pack it without a password' };
  if (entry.method !== 0 && entry.method !== 8)
    return { code: 'broken-zip', fault: `this entry is packed by method ${entry.method}; use deflate or store` };
  const packed = packedBytes(bytes, entry);
  if (!packed)
    return {
      code: 'broken-zip',
      fault: 'this entry is not where the directory of the zip says; the zip is cut off or broken',
    };
  if (entry.claimedSize > most || (entry.method === 0 && packed.length > most)) return TOO_LARGE;
  const content = entry.method === 0 ? packed : inflate(packed, most);
  if ('fault' in content) return content;
  if (crc32(content) !== entry.crc)
    return { code: 'broken-zip', fault: 'the checksum of this entry is wrong; the zip is damaged' };
  return { content };
}

/** Stops as soon as more comes out than may. */
function inflate(packed: Uint8Array, most: number): Uint8Array | Fault {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return TOO_LARGE;
    return {
      code: 'broken-zip',
      fault: `this entry cannot be unpacked (${(error as Error).message}); the zip is damaged`,
    };
  }
}

/** Names as seen from the folder that holds election.json: the top, or the only folder there. */
function inTopFolder(unpacked: ReadonlyMap<string, Uint8Array>): PackageFiles {
  const files = [...unpacked].filter(([name]) => !ADDED_BY_SYSTEMS.test(name));
  const tops = new Set(files.map(([name]) => name.split('/')[0]));
  const [top] = tops;
  const isInside = tops.size === 1 && files.every(([name]) => name.includes('/'));
  const inside = isInside ? files.map(([name, content]) => [name.slice(top!.length + 1), content] as const) : files;
  return new Map(inside.filter(([name]) => !name.includes('/')));
}
