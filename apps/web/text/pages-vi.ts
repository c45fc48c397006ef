/** The words of pages-en.ts, in Vietnamese. */
import type { PrintCount } from './en.ts';
import type { PageWords } from './pages-en.ts';

export const pagesVi = (n: PrintCount): PageWords => ({
  navigation: 'Các trang của cuộc bầu cử này',
  overview: 'Tổng quan',
  results: 'Kết quả',
  search: 'Tìm kiếm',
  corrections: 'Đính chính',
  about: 'Về số liệu',
  forWork: 'Dành cho người làm việc với số liệu',
  newsroom: 'Dành cho báo chí',

  overviewLead: (contests, stations) => `${n(contests)} cuộc bầu tại ${n(stations)} khu vực bỏ phiếu.`,
  contest: 'Cuộc bầu',
  seats: 'Số đại biểu',
  sheets: 'Biên bản đã nhận',
  state: 'Tình trạng',
  contestsOf: (contests, seats, certified) =>
    `${n(contests)} cuộc bầu · ${n(seats)} đại biểu · ${n(certified)} đã xác nhận`,
  moreContests: (count) => `Còn ${n(count)} cuộc bầu: tìm địa bàn để xem các cuộc bầu ở đó.`,
  otherContest: 'Các cuộc bầu khác',
  allResults: 'Toàn bộ kết quả',
  tableOf: (body) => `Các cuộc bầu: ${body}`,

  searchLabel: 'Địa bàn: tên hoặc mã',
  searchHint: 'Không cần gõ dấu hay chữ hoa.',
  searchButton: 'Tìm',
  found: (shown, total) =>
    total === 0
      ? 'Không có địa bàn nào có tên hoặc mã này.'
      : shown < total
        ? `${n(total)} địa bàn, sau đây là ${n(shown)} địa bàn đầu:`
        : `${n(total)} địa bàn:`,

  correctionsLead:
    'Các số liệu đã được sửa sau khi được chấp nhận: trước đó là gì, nay là gì, vì sao. Không số liệu nào bị ghi đè; mỗi biên bản giữ toàn bộ lịch sử của mình.',
  correctionsFeed: 'Theo dõi bằng nguồn tin Atom',
  correctionsNone: 'Chưa có đính chính nào.',
  correctionsNewest: 'Mới nhất trước, nhiều nhất 50 mục.',
  history: 'Toàn bộ lịch sử của biên bản này',

  aboutLead: 'Số liệu này từ đâu mà có, và ai cũng có thể kiểm tra bằng cách nào.',
  from: 'Số liệu từ đâu mà có',
  fromText:
    'Mỗi Tổ bầu cử kiểm phiếu và ký biên bản giấy. Số liệu của biên bản được nhập vào, kiểm tra theo các quy tắc đã công bố rồi cộng lại. Biên bản không đúng quy tắc bị tạm giữ cho đến khi có người quyết định; trước lúc đó nó không được tính vào tổng tạm tính nào. Tổng số chỉ là phép cộng các biên bản: không có gì là ước tính.',
  position: 'Vị trí là gì',
  positionText:
    'Mọi việc xảy ra với một biên bản là một sự kiện trong nhật ký chỉ có thêm vào. Vị trí cho biết nhật ký đã được đọc đến đâu. Mọi số liệu của một trang đúng tại vị trí ghi ở cuối trang, và ai hỏi cùng vị trí đều nhận cùng số liệu.',
  check: 'Kiểm tra bằng cách nào',
  checkText:
    'Ai có bản xuất của cuộc bầu cử đều có thể tự cộng lại trên máy của mình mà không cần tin máy này: chương trình tính lại từng biên bản và từng tổng số từ nhật ký, so với số liệu đã công bố, và kiểm tra rằng nhật ký chưa từng bị viết lại.',
  checkLink: 'Cách kiểm chứng một cuộc bầu cử',
  fingerprintNow: 'Dấu vân tay của toàn bộ kết quả đã công bố',
  downloads: 'Tải về',
  csv: 'Toàn bộ kết quả (CSV)',
  json: 'Tổng số của toàn địa bàn (JSON)',
  api: 'API: mọi điều các trang này hiển thị, cho chương trình',
  published: 'Công bố gì, khi nào',
  lowest: (level) => `Số liệu được công bố đến cấp: ${level}.`,
  moments: {
    never: 'không công bố',
    closed: 'khi kết thúc bỏ phiếu',
    certified: 'khi đã xác nhận',
    always: 'luôn luôn',
  },
  things: { progress: 'Tiến độ kiểm phiếu', results: 'Kết quả', log: 'Biên bản tạm giữ và bị từ chối' },

  stillOut: {
    title: 'Những gì còn chưa tính',
    voters: (voters, stations, of) =>
      `Còn **${n(voters)}** cử tri thuộc **${n(stations)}** trên ${n(of)} khu vực bỏ phiếu chưa được tính.`,
    stations: (stations, of) =>
      `Còn **${n(stations)}** trên ${n(of)} khu vực bỏ phiếu chưa được tính. Chưa biết đủ số cử tri của các khu vực này.`,
    none: 'Mọi khu vực bỏ phiếu đều đã được tính.',
    withVoters: (text, voters) => `${text} (${n(voters)} cử tri)`,
    kinds: {
      missing: (count) => `${n(count)} chưa nhận được: chưa biết gì về số liệu.`,
      held: (count) => `${n(count)} đang tạm giữ: số liệu được tính khi được chấp nhận, hoặc được thay.`,
      returned: (count) => `${n(count)} đã trả lại: chờ số liệu mới của Tổ bầu cử.`,
      disputed: (count) => `${n(count)} có hai lần nhập khác nhau: cần xem bản giấy để quyết định.`,
      awaiting: (count) => `${n(count)} mới nhập một lần: chờ lần nhập thứ hai.`,
      sealed: (count) => `${n(count)} niêm phong: chưa tính gì cho đến khi Ban bầu cử quyết định.`,
    },
    corrections: (count) =>
      `${n(count)} biên bản đã tính có số liệu sửa chưa được quyết định: trong lúc đó số liệu cũ vẫn được tính, và còn có thể thay đổi.`,
    where: 'Ở đâu',
    whereOf: (stations, voters) =>
      `${n(stations)} khu vực bỏ phiếu${voters === undefined ? '' : `, ${n(voters)} cử tri`}`,
    votersOf: (voters) => `${n(voters)} cử tri`,
    whereMore: (count) => `Còn ${n(count)} đơn vị nữa ở trong bảng.`,

    safeTitle: 'Không thể thay đổi nữa',
    safe: (names, voters, stations) =>
      `**${names}**: dù toàn bộ **${n(voters)}** cử tri của **${n(stations)}** khu vực bỏ phiếu còn thiếu cùng bầu cho những người khác, vị trí này vẫn giữ nguyên.`,
    safeDone: (names) => `**${names}**: không còn khu vực bỏ phiếu nào thiếu để có thể thay đổi vị trí này.`,
    safeHalf: 'Số phiếu vẫn quá nửa số phiếu hợp lệ, và dù không còn ai đi bầu thì số cử tri đã bầu vẫn quá nửa.',
    assumes:
      'Đây là phép tính, không phải dự đoán. Giả định các biên bản đã tính giữ nguyên và không ai bầu ngoài số cử tri trong danh sách. Chưa ai trúng cử trước khi kết quả được xác nhận.',
    hurdleTitle: 'Người kế tiếp cần gì',
    hurdle: (next, last, needed, voters, share) =>
      `Để vượt ${last} ở vị trí cuối, **${next}** cần hơn ${last} ít nhất **${n(needed)}** phiếu từ ${n(voters)} cử tri chưa tính, tức ${share} số đó.`,
    hurdleOne: (next, last, needed, voters, share) =>
      `Để vượt ${last}, **${next}** cần hơn ${last} ít nhất **${n(needed)}** phiếu từ ${n(voters)} cử tri chưa tính, tức ${share} số đó.`,
    hurdleGone: (next, last) => `${next} không thể vượt ${last} bằng số phiếu chưa tính nữa.`,
    silence: {
      'registered-unknown': 'Chưa nêu điều gì còn có thể thay đổi: chưa biết số cử tri của một số khu vực bỏ phiếu.',
      rerun: 'Chưa nêu điều gì còn có thể thay đổi: có biên bản bị hủy hoặc cuộc bầu này có bầu cử lại.',
      corrections: 'Chưa nêu điều gì còn có thể thay đổi khi còn số liệu sửa của biên bản đã tính chờ quyết định.',
      'part-of-contest': (stations) =>
        `Người trúng cử được quyết định trên cả ${n(stations)} khu vực bỏ phiếu của cuộc bầu này.`,
    },
    wholeContest: 'Toàn bộ cuộc bầu',
  },

  copy: {
    title: 'Bản sao',
    link: 'Bản sao trang này, một tệp',
    text: (when) => `Đây là bản sao, lập lúc ${when}. Bản sao không tự cập nhật. Số liệu hiện tại ở`,
  },

  tiles: {
    view: 'Cách xem',
    table: 'Bảng',
    tiles: 'Ô',
    leads: (name) => `Nhiều phiếu nhất: ${name}`,
    received: (received, stations) => `${n(received)} trên ${n(stations)} biên bản`,
    note: (share) =>
      `Mỗi ô nêu người có nhiều phiếu nhất khi các biên bản đã tính ở đó gồm đủ ${share} số cử tri; trước đó ô chỉ cho biết đã tính được bao nhiêu. Các ô lớn bằng nhau, dù số cử tri khác nhau.`,
  },

  seatsLine: {
    now: (count, seats) =>
      count === seats
        ? `Phía trên: ${n(seats)} vị trí được bầu, theo số liệu đến lúc này. Chưa ai trúng cử.`
        : `Phía trên: ${n(count)} trên ${n(seats)} vị trí được bầu, theo số liệu đến lúc này. Chưa ai trúng cử.`,
    certified: (count, seats) =>
      count === seats
        ? `Phía trên: ${n(seats)} vị trí được bầu, theo số liệu đã xác nhận.`
        : `Phía trên: ${n(count)} trên ${n(seats)} vị trí được bầu, theo số liệu đã xác nhận.`,
    tie: 'Có người bằng phiếu nhau ở vị trí tiếp theo.',
    half: 'Không ai ở dưới có quá nửa số phiếu hợp lệ.',
  },
});
