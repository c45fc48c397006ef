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
});
