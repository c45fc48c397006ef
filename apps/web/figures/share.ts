/** Shares in whole-number arithmetic (domain.md): two decimals, half up, never through a floating-point quotient. */

/** `part` of `whole` in hundredths of a percent, half up; null where there is nothing to divide by. */
export function shareHundredths(part: number, whole: number | undefined): number | null {
  if (whole === undefined || whole <= 0) return null;
  const top = 20_000 * part + whole;
  if (Number.isSafeInteger(top)) return Math.floor(top / (2 * whole));
  return Number((20_000n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));
}

/** Of 100 %, as `K % = 100 − H %` where the two parts make the whole: the printed pair then adds up. */
export function complementHundredths(share: number | null): number | null {
  return share === null ? null : 10_000 - share;
}
