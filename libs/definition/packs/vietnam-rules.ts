/**
 * The arithmetic of a Vietnamese count record, the same in 2021 and 2026; only the numbers of the forms differ.
 *
 * Field ids: C listed voters, V took part, RCV ballots received by the team, P issued, X spoiled and exchanged,
 * U unused, R collected, H valid, K invalid, n (repeats by seats) valid ballots that name k candidates.
 */
import type { PackRule } from './pack.ts';
import { clerk, type VietnameseForms } from './vietnam-forms.ts';
import { otherBodyRules } from './vietnam-other-bodies.ts';

export function vietnameseRules(forms: VietnameseForms): PackRule[] {
  return [
    ...countRules(forms),
    ...voteRules(forms),
    ...inventoryRules(forms),
    ...missingBallotRules(forms),
    ...otherBodyRules(forms),
  ];
}

function countRules({ count, guidance }: VietnameseForms): PackRule[] {
  return [
    {
      id: 'vn.voted-over-listed',
      severity: 'error',
      expect: ['f.V <= f.C'],
      message: {
        vi: 'Số cử tri đã tham gia bỏ phiếu lớn hơn tổng số cử tri.',
        en: 'More voters took part than are on the list.',
      },
      advice: {
        clerk: clerk('C là tổng số cử tri, V là số đã bỏ phiếu.', 'C is the list, V is who voted.'),
        reviewer: {
          vi: 'Có thể cử tri được bổ sung trong ngày bầu cử; hỏi Tổ bầu cử, nếu đúng thì cho qua và ghi lý do.',
          en: 'Voters may have been added on the day; ask the polling team, and release it with that reason if so.',
        },
      },
      source: `${count}: C, V`,
    },
    {
      id: 'vn.collected-over-voted',
      severity: 'error',
      expect: ['f.R <= f.V'],
      message: {
        vi: 'Số phiếu thu vào lớn hơn số cử tri đã tham gia bỏ phiếu: không được kiểm phiếu.',
        en: 'More ballots collected than voters took part: counting must not go on.',
      },
      advice: {
        clerk: clerk(
          'Nếu đúng như biên bản: kiểm lại số phiếu trong hòm.',
          'If the paper says so: count the ballots in the box again.',
        ),
        reviewer: {
          vi: 'Nếu kiểm lại vẫn lớn hơn: bỏ phiếu vào hòm, niêm phong và báo Ban bầu cử quyết định.',
          en: 'If a recount does not settle it, the ballots go back into the box, it is sealed and the board decides.',
        },
      },
      source: `${guidance}; ${count}: V, R`,
    },
    {
      id: 'vn.collected-over-issued',
      severity: 'error',
      expect: ['f.R <= f.P'],
      message: { vi: 'Số phiếu thu vào lớn hơn số phiếu phát ra.', en: 'More ballots collected than issued.' },
      advice: {
        clerk: clerk('P là số phiếu phát ra, R là số phiếu thu vào.', 'P is issued, R is collected.'),
        reviewer: {
          vi: 'Có thể có phiếu không do Tổ phát ra (như ở Tráng Việt năm 2021); yêu cầu kiểm lại cả hai số.',
          en: 'There may be ballots the team never issued (as in Tráng Việt in 2021); ask for a recount of both.',
        },
      },
      source: `${count}: P, R`,
    },
    {
      id: 'vn.valid-plus-invalid',
      severity: 'error',
      expect: ['f.H + f.K == f.R'],
      message: {
        vi: 'Số phiếu hợp lệ cộng số phiếu không hợp lệ khác số phiếu thu vào.',
        en: 'Valid and invalid ballots do not add up to the ballots collected.',
      },
      advice: {
        clerk: clerk('H + K phải bằng R.', 'H + K must be R.'),
        reviewer: {
          vi: 'Một trong ba số trên biên bản sai; yêu cầu Tổ bầu cử đếm lại.',
          en: 'One of the three figures on paper is wrong; ask the team to count again.',
        },
      },
      source: `${count}: R, H, K`,
    },
  ];
}

function voteRules({ count, guidance }: VietnameseForms): PackRule[] {
  return [
    {
      id: 'vn.candidate-over-valid',
      severity: 'error',
      expect: ['max <= f.H'],
      message: {
        vi: 'Có người ứng cử được nhiều phiếu hơn số phiếu hợp lệ.',
        en: 'A candidate has more votes than there are valid ballots.',
      },
      advice: {
        clerk: clerk('So từng dòng người ứng cử.', 'Go through the candidates line by line.'),
        reviewer: {
          vi: 'Mỗi phiếu hợp lệ chỉ tính một lần cho mỗi người; kiểm tra phiếu kiểm của Tổ.',
          en: 'A valid ballot gives a candidate one vote at most; look at the tally sheets of the team.',
        },
      },
      source: `${guidance}; ${count}: H, v`,
    },
    {
      id: 'vn.votes-under-valid',
      severity: 'error',
      expect: ['sum >= f.H'],
      message: {
        vi: 'Tổng số phiếu của những người ứng cử nhỏ hơn số phiếu hợp lệ.',
        en: 'The votes of all candidates are fewer than the valid ballots.',
      },
      advice: {
        clerk: clerk('Có thể thiếu một dòng người ứng cử.', 'A line may have been left out.'),
        reviewer: {
          vi: 'Mỗi phiếu hợp lệ bầu ít nhất một người; phiếu gạch hết là không hợp lệ.',
          en: 'Every valid ballot names one candidate at least; one with all names struck out is invalid.',
        },
      },
      source: `Art. 74; ${count}: H, v`,
    },
    {
      id: 'vn.votes-over-seats',
      severity: 'error',
      expect: ['sum <= seats * f.H'],
      message: {
        vi: 'Tổng số phiếu của những người ứng cử lớn hơn số phiếu hợp lệ nhân số đại biểu được bầu.',
        en: 'The votes of all candidates are more than the valid ballots times the seats.',
      },
      advice: {
        clerk: clerk('Có thể nhập thừa một chữ số.', 'A digit may be one too many.'),
        reviewer: {
          vi: 'Mỗi phiếu hợp lệ bầu nhiều nhất bằng số đại biểu; kiểm tra phiếu bầu quá số lượng đã bị loại chưa.',
          en: 'A valid ballot names no more than the seats; were ballots with more names taken out?',
        },
      },
      source: `Art. 74; ${count}: H, v, S`,
    },
    {
      id: 'vn.classes-valid',
      severity: 'error',
      expect: ['total(f.n) == f.H'],
      message: {
        vi: 'Tổng số phiếu theo loại (bầu 1, 2, 3 … đại biểu) khác số phiếu hợp lệ.',
        en: 'The ballots by class (naming 1, 2, 3 … candidates) do not add up to the valid ballots.',
      },
      advice: {
        clerk: clerk('Cộng lại các loại phiếu.', 'Add up the classes again.'),
        reviewer: {
          vi: 'Có thể có phiếu xếp nhầm loại hoặc bỏ sót khi phân loại.',
          en: 'Ballots may have been left out when they were sorted into classes.',
        },
      },
      source: guidance,
    },
    {
      id: 'vn.classes-votes',
      severity: 'error',
      expect: ['weighted(f.n) == sum'],
      message: {
        vi: 'Số phiếu theo loại nhân số người được bầu khác tổng số phiếu của những người ứng cử.',
        en: 'The ballots by class, times the names on each, do not give the votes of all candidates.',
      },
      advice: {
        clerk: clerk(
          '1·n₁ + 2·n₂ + 3·n₃ … phải bằng tổng số phiếu.',
          '1·n₁ + 2·n₂ + 3·n₃ … must be the sum of the votes.',
        ),
        reviewer: {
          vi: 'Sai ở phân loại phiếu hoặc ở phiếu kiểm của một người ứng cử; đối chiếu bằng kiểm phiếu ngược.',
          en: 'Either the sorting or the tally of a candidate is wrong; counting the struck names tells which.',
        },
      },
      source: guidance,
    },
  ];
}

function inventoryRules({ inventory, count }: VietnameseForms): PackRule[] {
  return [
    {
      id: 'vn.received-used',
      severity: 'error',
      // Whether exchanged ballots are counted inside P is unconfirmed: both readings pass unless a package narrows it.
      expect: ['has(f.X) ? f.RCV == f.P + f.U || f.RCV == f.P + f.X + f.U : f.RCV == f.P + f.U', 'f.RCV == f.P + f.U'],
      message: {
        vi: 'Số phiếu đã nhận về khác số phiếu phát ra cộng số phiếu còn lại (và số phiếu đổi do gạch hỏng).',
        en: 'Ballots received are not those issued and unused (and exchanged) together.',
      },
      advice: {
        clerk: clerk('Bốn dòng ở biên bản kiểm kê.', 'See the four lines of the inventory.'),
        reviewer: {
          vi: 'Đối chiếu biên bản kiểm kê với biên bản giao nhận phiếu.',
          en: 'Compare the inventory with the record of the ballots handed over.',
        },
      },
      source: inventory,
    },
    {
      id: 'vn.issued-voted',
      severity: 'warning',
      expect: ['has(f.X) ? f.P == f.V || f.P == f.V + f.X : f.P == f.V', 'f.P == f.V'],
      message: {
        vi: 'Số phiếu phát ra khác số cử tri đã tham gia bỏ phiếu (cộng số phiếu đổi).',
        en: 'Ballots issued are not as many as voters took part (and ballots exchanged).',
      },
      advice: {
        clerk: clerk('Thường P = V hoặc P = V + X.', 'Normally P = V or P = V + X.'),
        reviewer: {
          vi: 'V lấy từ danh sách đã đánh dấu, P từ cuống phiếu: hỏi Tổ bầu cử vì sao lệch.',
          en: 'V comes from the marked list, P from the ballot book: ask the team why they differ.',
        },
      },
      source: `${count}: V, P; ${inventory}`,
    },
  ];
}

/** V − R: ballots that were not put into the box. Many: above max(3, 0.5 % of V). */
function missingBallotRules({ count }: VietnameseForms): PackRule[] {
  return [
    {
      id: 'vn.missing-many',
      severity: 'warning',
      expect: ['f.V - f.R <= 3 || 200 * (f.V - f.R) <= f.V'],
      message: {
        vi: 'Số phiếu thu vào ít hơn nhiều so với số cử tri đã bỏ phiếu.',
        en: 'Far fewer ballots collected than voters took part.',
      },
      advice: {
        clerk: clerk('So V với R.', 'Compare V with R.'),
        reviewer: {
          vi: 'Có thể sót hòm phiếu phụ, hoặc phiếu để lẫn sang cuộc bầu khác.',
          en: 'A mobile box may be missing, or ballots may lie among those of another contest.',
        },
      },
      source: `${count}: V, R`,
    },
    {
      id: 'vn.missing-few',
      severity: 'info',
      expect: ['f.R >= f.V || (f.V - f.R > 3 && 200 * (f.V - f.R) > f.V)'],
      message: {
        vi: 'Số phiếu thu vào ít hơn số cử tri đã bỏ phiếu một ít: có phiếu không bỏ vào hòm.',
        en: 'Slightly fewer ballots collected than voters took part: some were not put into the box.',
      },
      advice: {
        clerk: { vi: 'Được phép; kiểm tra lại nếu chưa chắc.', en: 'That is allowed; check again if in doubt.' },
        reviewer: { vi: 'Được phép; không cần làm gì.', en: 'That is allowed; nothing to do.' },
      },
      source: `${count}: V, R`,
    },
  ];
}
