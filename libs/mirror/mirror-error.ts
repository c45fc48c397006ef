/** What a server is found to do wrong. */
export type MirrorFault =
  /** It signs with another key than the copy, or the one that was given. */
  | 'other-key'
  /** Its key follows that of the copy by a rotation that the key before it did not sign. */
  | 'rotation-broken'
  /** A signature does not hold. */
  | 'bad-signature'
  | 'file-malformed'
  | 'other-election'
  | 'other-definition'
  /** What it sends has not the root that it signed. */
  | 'log-rewritten'
  /** Its log does not go on from what the copy holds: it was rewritten, or cut off. */
  | 'log-forked'
  | 'record-keys-changed'
  | 'fingerprint-differs'
  /** The folder holds no copy of this election. */
  | 'not-an-export';

/** A copy is not taken; what is there stays as it was. The message says what and where. */
export class MirrorError extends Error {
  override readonly name = 'MirrorError';
  readonly code: MirrorFault;
  constructor(code: MirrorFault, message: string) {
    super(message);
    this.code = code;
  }
}
