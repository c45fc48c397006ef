/**
 * Warnings across the contests of one polling area: one visit, one voter list.
 * Bodies: `na` (National Assembly), `province`, `district` (2021), `commune`.
 */
import type { PackRule } from './pack.ts';
import { clerk, type VietnameseForms } from './vietnam-forms.ts';

/**
 * C(National Assembly) = C(province) ≥ C(district) ≥ C(commune), on sheets of any body: each is at most the National
 * Assembly's and the province's, and at least the commune's.
 */
export function otherBodyRules({ guidance }: VietnameseForms): PackRule[] {
  const source = `${guidance}; voter list flags each voter by contest`;
  const reviewer = {
    vi: 'Cùng một danh sách cử tri: hỏi Tổ bầu cử biên bản nào ghi sai.',
    en: 'It is one list of voters: ask the team which of the records is wrong.',
  };
  return [
    {
      id: 'vn.list-over-na',
      severity: 'warning',
      expect: ['f.C <= other.na.C'],
      message: {
        vi: 'Tổng số cử tri lớn hơn ở cuộc bầu đại biểu Quốc hội của cùng khu vực bỏ phiếu.',
        en: 'More voters listed than for the National Assembly at the same station.',
      },
      advice: { clerk: clerk('So C của hai biên bản.', 'Compare C of both records.'), reviewer },
      source,
    },
    {
      id: 'vn.list-over-province',
      severity: 'warning',
      expect: ['f.C <= other.province.C'],
      message: {
        vi: 'Tổng số cử tri lớn hơn ở cuộc bầu Hội đồng nhân dân tỉnh của cùng khu vực bỏ phiếu.',
        en: 'More voters listed than for the province council at the same station.',
      },
      advice: { clerk: clerk('So C của hai biên bản.', 'Compare C of both records.'), reviewer },
      source,
    },
    {
      id: 'vn.list-under-commune',
      severity: 'warning',
      expect: ['f.C >= other.commune.C'],
      message: {
        vi: 'Tổng số cử tri nhỏ hơn ở cuộc bầu Hội đồng nhân dân xã của cùng khu vực bỏ phiếu.',
        en: 'Fewer voters listed than for the commune council at the same station.',
      },
      advice: { clerk: clerk('So C của hai biên bản.', 'Compare C of both records.'), reviewer },
      source,
    },
    {
      id: 'vn.voted-over-na',
      severity: 'info',
      expect: ['f.V <= other.na.V'],
      message: {
        vi: 'Số cử tri đã bỏ phiếu lớn hơn ở cuộc bầu đại biểu Quốc hội của cùng khu vực bỏ phiếu.',
        en: 'More voters took part than for the National Assembly at the same station.',
      },
      advice: { clerk: clerk('So V của hai biên bản.', 'Compare V of both records.'), reviewer },
      source,
    },
  ];
}
