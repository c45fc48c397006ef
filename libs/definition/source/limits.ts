/** How large a package may be, unpacked. */
export interface Limits {
  readonly totalBytes: number;
  readonly fileBytes: number;
  readonly entries: number;
}

/** A nation of 85,000 stations and 450,000 candidates has about 60 MB. */
export const LIMITS: Limits = { totalBytes: 256 * 1024 * 1024, fileBytes: 128 * 1024 * 1024, entries: 1000 };

export function tooLarge({ fileBytes, totalBytes }: Limits): string {
  return `too large: a file may have ${fileBytes} bytes, a package ${totalBytes} in all`;
}
