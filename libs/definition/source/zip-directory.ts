/**
 * The directory at the end of a zip (PKWARE APPNOTE 4.3.12, 4.3.16). Names and sizes there are claims, checked when an
 * entry is unpacked.
 */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are refused. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly isLink: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly claimedSize: number;
  /** Of the entry's local header. */
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;
const LONGEST_COMMENT = 0xffff;
const UNIX_TYPE = 0xf000;
const UNIX_LINK = 0xa000;

/** The entries of a zip, or why it is none. Stops after `most` entries, saying how many are claimed. */
export function zipEntries(
  bytes: Uint8Array,
  most: number,
): { readonly entries: readonly ZipEntry[]; readonly claimed: number } | { readonly fault: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  if (end === undefined) return { fault: 'this is no zip file, or its end is cut off' };
  const claimed = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  while (entries.length < Math.min(claimed, most)) {
    if (at + CENTRAL_LENGTH > bytes.length || view.getUint32(at, true) !== CENTRAL)
      return { fault: `the zip's directory is broken at entry ${entries.length + 1} of ${claimed}` };
    const nameLength = view.getUint16(at + 28, true);
    const next = at + CENTRAL_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength)),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      claimedSize: view.getUint32(at + 24, true),
      isLink: (view.getUint16(at + 40, true) & UNIX_TYPE) === UNIX_LINK,
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return { entries, claimed };
}

/** The packed bytes of an entry, or undefined where its local header is not where the directory says. */
export function packedBytes(bytes: Uint8Array, { offset, packedSize }: ZipEntry): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (offset + LOCAL_LENGTH > bytes.length || view.getUint32(offset, true) !== LOCAL) return undefined;
  const start = offset + LOCAL_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  return start + packedSize > bytes.length ? undefined : bytes.subarray(start, start + packedSize);
}

function endOfDirectory(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_LENGTH - LONGEST_COMMENT);
  for (let at = view.byteLength - END_LENGTH; at >= first; at -= 1) if (view.getUint32(at, true) === END) return at;
  return undefined;
}
