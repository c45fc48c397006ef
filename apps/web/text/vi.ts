/** Các lời của trang bằng tiếng Việt; từ ngữ theo Luật Bầu cử và các mẫu biên bản. */
import type { Dictionary, PrintCount } from './en.ts';

export const vi = (n: PrintCount): Dictionary => ({
  language: 'Tiếng Việt',
  skip: 'Đến phần kết quả',
  brandLine: 'Kết quả bầu cử',
  results: 'Kết quả',
  navigation: 'Vị trí của trang',
  languages: 'Ngôn ngữ',
  loading: 'Đang tải …',
  none: '–',
  listSeparator: ', ',

  rehearsal: 'Diễn tập',
  rehearsalBanner: 'Đây là cuộc diễn tập. Không số liệu nào ở đây là kết quả thật.',
  rehearsalMark: 'DIỄN TẬP',
  frozen: {
    title: (since) => `Tạm dừng công bố số liệu từ ${since}`,
    text: 'Số liệu là của thời điểm đó; việc kiểm phiếu vẫn tiếp tục. Lý do:',
  },

  session: {
    signIn: 'Đăng nhập',
    signOut: 'Đăng xuất',
    as: (role: string, unit: string | undefined) => `Đã đăng nhập: ${role}${unit === undefined ? '' : `, ${unit}`}`,
    board: 'Bảng điều hành',
    replay: 'Tính lại',
  },

  card: {
    preliminary: 'Kết quả sơ bộ',
    note: 'Số liệu mới nhất ở địa chỉ này.',
  },

  home: {
    title: 'Các cuộc bầu cử',
    empty: 'Chưa có cuộc bầu cử nào.',
    pollingDay: (day) => `Ngày bầu cử ${day}`,
  },

  missing: {
    title: 'Không tìm thấy trang',
    text: 'Không có cuộc bầu cử, đơn vị hoặc cuộc bầu nào ở địa chỉ này.',
    home: 'Về trang đầu',
  },

  failed: {
    title: 'Chưa hiển thị được số liệu',
    noConnection: 'Không kết nối được với máy chủ. Đang thử lại …',
    server: (what) => `Máy chủ trả lời: ${what}`,
  },

  states: {
    unpublished: 'Chưa công bố',
    nothing: 'Chưa nhận được số liệu',
    incomplete: 'Kết quả sơ bộ – chưa đầy đủ',
    complete: 'Kết quả sơ bộ – đã đủ biên bản',
    certified: 'Đã xác nhận',
    changed: 'Đã thay đổi sau khi xác nhận',
  },
  stateNotes: {
    certified: (when) => `Được xác nhận ngày ${when}.`,
    changed: (when) =>
      `Kết quả này được xác nhận ngày ${when}. Sau đó số liệu đã thay đổi; số liệu ở đây không còn là số liệu đã xác nhận.`,
    preliminary: 'Số liệu sơ bộ còn có thể thay đổi cho đến khi kết quả được xác nhận.',
  },

  sentence: {
    received: (received, stations) => `Đã nhận **${n(received)}** trên ${n(stations)} biên bản kiểm phiếu.`,
    coverage: (share) => `Các biên bản đã tính gồm **${share}** số cử tri trong danh sách.`,
    nothing: (stations) =>
      stations === 1
        ? 'Chưa nhận được số liệu từ khu vực bỏ phiếu này.'
        : `Chưa nhận được số liệu từ khu vực nào trong ${n(stations)} khu vực bỏ phiếu ở đây.`,
    nothingVerified: 'Chưa có biên bản nào được đối chiếu với bản giấy.',
    allCounted: (stations) =>
      stations === 1
        ? 'Biên bản của khu vực bỏ phiếu này đã được tính.'
        : `Cả **${n(stations)}** biên bản đã được tính.`,
    notCounted: 'Đã nhận biên bản nhưng chưa biên bản nào được tính.',
  },

  exceptions: {
    title: 'Chưa giải quyết xong',
    missing: (count) => `${n(count)} biên bản chưa nhận được`,
    held: (count) => `${n(count)} biên bản đang tạm giữ để xem xét`,
    disputed: (count) => `${n(count)} biên bản có hai lần nhập khác nhau`,
    awaiting: (count) => `${n(count)} biên bản chờ nhập lần thứ hai`,
    returned: (count) => `${n(count)} biên bản đã trả lại Tổ bầu cử`,
    annulled: (count) => `${n(count)} biên bản bị hủy số liệu`,
    sealed: (count) => `${n(count)} hòm phiếu niêm phong, chờ Ban bầu cử quyết định`,
    closed: (count) => `${n(count)} khu vực bỏ phiếu đã đóng`,
  },

  exceptionsShort: {
    held: (count) => `${n(count)} tạm giữ`,
    disputed: (count) => `${n(count)} nhập khác nhau`,
    awaiting: (count) => `${n(count)} nhập một lần`,
    returned: (count) => `${n(count)} trả lại`,
    annulled: (count) => `${n(count)} đã hủy`,
    sealed: (count) => `${n(count)} niêm phong`,
    closed: (count) => `${n(count)} đã đóng`,
  },

  progress: {
    title: 'Tiến độ',
    sheets: 'Biên bản đã nhận',
    sheetsOf: (received, stations) => `**${n(received)}** trên ${n(stations)} khu vực bỏ phiếu`,
    counted: (counted, verified) => `${n(counted)} đã tính, trong đó ${n(verified)} đã đối chiếu`,
    voters: 'Cử tri thuộc các biên bản đã tính',
    votersOf: (counted, registered) => `**${n(counted)}** trên ${n(registered)} cử tri trong danh sách`,
    votersUnknown: 'Chưa biết số cử tri trong danh sách ở đây.',
  },

  contests: {
    title: 'Cuộc bầu',
    body: 'Cơ quan được bầu',
    choose: 'Đơn vị bầu cử',
    bodies: {
      na: 'Quốc hội',
      province: 'HĐND tỉnh',
      district: 'HĐND huyện',
      commune: 'HĐND xã',
    },
    more: (contests) => `Còn ${contests} cuộc bầu khác`,
    kinds: { first: '', rerun: 'Bầu cử lại', additional: 'Bầu cử thêm', runoff: 'Bầu vòng hai' },
  },

  tracks: {
    title: 'Tính những biên bản nào',
    provisional: 'Sơ bộ',
    verified: 'Đã đối chiếu',
    all: 'Cả biên bản tạm giữ',
    notes: {
      provisional: 'Các biên bản được chấp nhận và đã đối chiếu.',
      verified: 'Chỉ các biên bản đã đối chiếu với bản giấy.',
      all: 'Tính cả các biên bản đang tạm giữ để xem xét.',
    },
  },

  candidates: {
    title: 'Người ứng cử',
    number: 'STT',
    numberLong: 'Số thứ tự trên phiếu bầu',
    name: 'Người ứng cử',
    votes: 'Số phiếu',
    share: 'Tỷ lệ',
    withdrawn: 'Đã rút tên',
    leading: 'Tạm dẫn đầu',
    seats: (seats) => `Số người được bầu: ${n(seats)}`,
    count: (count) => `${n(count)} người ứng cử`,
    shareOfValid: (whole) => `Tỷ lệ tính trên ${n(whole)} phiếu hợp lệ.`,
    shareOfVotes: (whole) => `Tỷ lệ tính trên tổng số ${n(whole)} phiếu bầu.`,
    shareOfOther: (whole) => `Tỷ lệ tính trên ${n(whole)}, theo quy định của cuộc bầu cử này.`,
    severalVotes: 'Một phiếu có thể bầu nhiều người nên các tỷ lệ cộng lại không bằng 100%.',
    half: 'Vạch trên thanh là mức một nửa.',
    threshold: (share) => `Chưa nêu ai tạm dẫn đầu khi các biên bản đã tính chưa gồm đủ ${share} số cử tri.`,
    leadingNote: 'Tạm dẫn đầu đến lúc này; chưa ai trúng cử trước khi kết quả được xác nhận.',
    tableOf: (unit) => `Số phiếu của từng người ứng cử, ${unit}`,
  },

  figures: {
    title: 'Theo biên bản kiểm phiếu',
    letter: 'Ký hiệu',
    name: 'Nội dung',
    value: 'Số lượng',
    turnout: 'Tỷ lệ cử tri đi bầu',
    ofCollected: 'so với số phiếu thu vào',
    statedBy: (count) => `${n(count)} biên bản có ghi`,
    madeOf: 'Số liệu này gồm những gì',
    repeated: (name, k) => `${name}: ${n(k)}`,
  },

  units: {
    title: (level) => `Theo ${level}`,
    unit: 'Đơn vị',
    sheets: 'Biên bản',
    sheetsLong: 'Biên bản đã nhận trên tổng số khu vực bỏ phiếu',
    voters: 'Cử tri',
    votersLong: 'Tỷ lệ cử tri thuộc các biên bản đã tính',
    status: 'Tình trạng',
    registered: 'Cử tri',
    registeredLong: 'Số cử tri trong danh sách',
    showVotes: 'Số phiếu',
    showShares: 'Tỷ lệ',
    showWhat: 'Hiển thị',
    more: (count) => `Hiện đủ ${n(count)} người ứng cử`,
    fewer: 'Hiện ít hơn',
    notBelow: (level) => `Số liệu được công bố đến cấp này: ${level}.`,
    elsewhere: (count) => `${n(count)} đơn vị khác không thuộc cuộc bầu này.`,
    tableOf: (unit) => `Kết quả của các đơn vị thuộc ${unit}`,
  },

  publication: {
    closed: (when) => `Kết quả được công bố khi kết thúc bỏ phiếu, lúc ${when}.`,
    certified: 'Kết quả được công bố sau khi được xác nhận.',
    never: 'Kết quả không được công bố ở đây.',
    time: (when) => `Kết quả được công bố lúc ${when}.`,
    progressOnly: 'Trước lúc đó chỉ hiển thị tiến độ kiểm phiếu.',
  },

  arrival: {
    title: 'Biên bản về theo thời gian',
    start: 'Biên bản đầu tiên',
    half: 'Được một nửa',
    last: 'Biên bản mới nhất',
    goThrough: 'Xem lại đêm kiểm phiếu từng bước',
  },

  live: {
    live: 'Trực tiếp',
    connecting: 'Đang kết nối …',
    polling: '10 giây một lần',
    pollingLong: 'Không có kết nối trực tiếp; số liệu được hỏi lại 10 giây một lần.',
    offline: (since) => `Mất kết nối từ ${since}`,
    offlineFigures: (asOf) => `Số liệu đang hiển thị là của lúc ${asOf}. Trang tự thử lại 10 giây một lần.`,
    paused: 'Đang tạm dừng',
    pause: 'Tạm dừng',
    pauseLong: 'Tạm dừng cập nhật trực tiếp',
    resume: 'Tiếp tục',
    resumeLong: 'Tiếp tục cập nhật trực tiếp',
  },

  asOf: {
    title: 'Về các số liệu này',
    figures: 'Số liệu tính đến',
    nothing: 'chưa nhận được gì',
    event: (events) => `đến sự kiện thứ ${n(events)}`,
    position: 'Vị trí',
    positionNote: 'Mọi số liệu trên trang này đúng tại vị trí này của nhật ký.',
    tablePosition: 'Bảng các đơn vị ở vị trí',
    checked: 'Kiểm tra lần cuối',
    downloads: 'Tải về',
    csv: 'Trang này, tệp CSV',
    csvAll: 'Toàn bộ kết quả, tệp CSV',
    api: 'API và tài liệu',
    sameForAll: 'Mọi người thấy cùng số liệu tại cùng thời điểm.',
    fingerprint: 'Dấu vân tay đã xác nhận',
  },

  sheet: {
    title: 'Biên bản kiểm phiếu',
    figures: 'Số liệu của biên bản',
    revision: (revision) => `Lần sửa ${n(revision)}`,
    counts: 'Đang tính',
    newest: 'Mới nhất',
    secondEntry: 'Lần nhập hai',
    firstEntry: 'Lần nhập một',
    difference: 'Chênh lệch',
    differs: 'khác nhau',
    votes: 'Số phiếu bầu',
    registered: (voters) => `${n(voters)} cử tri trong danh sách`,
    sealed:
      'Hòm phiếu đang niêm phong: số phiếu thu vào lớn hơn số cử tri đã tham gia bỏ phiếu. Ban bầu cử quyết định việc tiếp theo.',
    closed: 'Khu vực bỏ phiếu này đã đóng.',
    notPublic: 'Số liệu mới nhất chưa được đưa vào tổng và chưa công bố.',
    status: {
      none: 'Chưa nhận được số liệu.',
      'awaiting-second': 'Đã nhập một lần; chờ người khác nhập lần thứ hai.',
      disputed: 'Hai người nhập số liệu khác nhau. Cần xem bản giấy để quyết định.',
      accepted: 'Được chấp nhận: số liệu này nằm trong tổng sơ bộ.',
      held: 'Đang tạm giữ để xem xét: số liệu mới nhất chưa được tính cho đến khi có quyết định.',
      returned: 'Đã trả lại Tổ bầu cử; số liệu này không được tính.',
      annulled: 'Đã hủy: số liệu này không được tính. Có thể gửi lại biên bản.',
      verified: 'Đã đối chiếu với bản giấy: số liệu này nằm trong mọi tổng.',
    },
    statusShort: {
      none: 'Chưa nhận',
      'awaiting-second': 'Nhập một lần',
      disputed: 'Nhập khác nhau',
      accepted: 'Đã tính',
      held: 'Tạm giữ',
      returned: 'Trả lại',
      annulled: 'Đã hủy',
      verified: 'Đã đối chiếu',
    },
    sealedShort: 'Niêm phong',
    closedShort: 'Đã đóng',
    stillStanding: (revision) => `Trong lúc đó, lần sửa ${n(revision)} vẫn được tính.`,
    heldFor: {
      rules: 'Việc kiểm tra phát hiện điểm cần xem xét.',
      sealed: 'Hòm phiếu đang niêm phong.',
      closed: 'Khu vực bỏ phiếu đã đóng.',
      verified: 'Số liệu này sửa một biên bản đã đối chiếu; cần người thứ hai đồng ý.',
    },
  },

  findings: {
    title: 'Điểm cần kiểm tra',
    none: 'Không phát hiện điểm nào.',
    severity: { error: 'Phải giải quyết', warning: 'Nên xem lại', info: 'Để biết' },
    clerk: 'Với người nhập số liệu',
    reviewer: 'Với người xem xét',
    ruleFailed: 'Không tính được điểm kiểm tra này với số liệu đã cho.',
    code: 'Mã',
    source: 'Căn cứ',
    inRevision: (revision) => `ở lần sửa ${n(revision)}`,
  },
});
