/** Why the fold rejects an attempt. A rejected attempt stays in the history with its reason and changes nothing. */
export type RejectionCode =
  /** The record is no event Tally can read. */
  | 'unreadable'
  /** Written under another definition. */
  | 'other-definition'
  /** Before the shard was opened. */
  | 'not-open'
  /** Its key belongs to another shard, or is not the key of its subject. */
  | 'wrong-shard'
  | 'unknown-unit'
  | 'unknown-station'
  | 'unknown-contest'
  | 'unknown-candidate'
  /** The station does not vote in the contest. */
  | 'not-in-contest'
  /** Figures that the contest's form does not allow. */
  | 'bad-structure'
  /** The id was used before with the same content: the first outcome holds. */
  | 'repeat'
  /** The id was used before with other content. */
  | 'idempotency-conflict'
  /** Another revision came first. */
  | 'stale-revision'
  /** The sheet changed since the sender saw it. */
  | 'precondition-failed'
  /** From revision 2 on a reason is required. */
  | 'reason-required'
  /** A bulk import brought the figures that the newest revision has. */
  | 'unchanged'
  /** Not possible in the present state. */
  | 'not-allowed'
  /** Needs another person than the one who entered the figures. */
  | 'same-person'
  /** A resolution with a figure that neither entry has. */
  | 'figure-not-entered'
  /** The count is sealed; the board decides first. */
  | 'sealed';
