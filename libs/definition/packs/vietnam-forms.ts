/**
 * What differs between the rules of two Vietnamese elections, and what their texts share.
 */
export interface VietnameseForms {
  /** The count record of a polling team: National Assembly and councils. */
  readonly count: string;
  /** The inventory of ballots. */
  readonly inventory: string;
  readonly guidance: string;
}

const CHECK_TYPED = {
  vi: 'Kiểm tra lại các số vừa nhập với biên bản giấy.',
  en: 'Check what you typed against the paper record.',
};

/** What to tell the clerk beside "check what you typed". */
export function clerk(vi: string, en: string) {
  return { vi: `${CHECK_TYPED.vi} ${vi}`, en: `${CHECK_TYPED.en} ${en}` };
}
