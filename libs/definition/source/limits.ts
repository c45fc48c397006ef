/** How large a package may be, unpacked. A nation of 85,000 stations and 450,000 candidates has about 60 MB. */
export const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
export const MAX_FILE_BYTES = 128 * 1024 * 1024;
export const MAX_ENTRIES = 1000;
