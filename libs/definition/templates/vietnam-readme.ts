/** What to edit in a Vietnamese template, in both languages. */
export function vietnamReadme({ year, forms }: { year: number; forms: string }): string {
  return `# Diễn tập bầu cử ${year} · Rehearsal of the ${year} elections

Mọi đơn vị, người ứng cử và con số trong thư mục này đều là giả định. / Every unit, candidate and figure here is made up.

Sửa các tệp rồi chạy / Edit the files, then run:

    tally check .          mọi lỗi kèm tệp, dòng, cột / every mistake with file, line and column
    tally open .           mở cuộc bầu cử / opens the election (this fixes the package)

- \`election.json\`: tên, ngày, các cấp, biểu mẫu (mẫu số ${forms}/HĐBC) / name, day, levels, the form. Bầu cử thật: bỏ
  \`"rehearsal": true\` và đổi \`id\` không có đuôi \`-rehearsal\` / for the real election take out \`rehearsal\` and change \`id\`.
- \`units.csv\`: cây đơn vị; cấp cuối là khu vực bỏ phiếu với số cử tri / the tree of units, down to the polling areas.
  Mã là văn bản, giữ số 0 ở đầu (\`09101\`) / codes are text: keep leading zeros.
- \`contests.csv\`: mỗi đơn vị bầu cử một dòng; \`area\` là các xã, cách nhau bằng dấu cách / one line for each constituency.
  \`body\` là \`na\`, \`province\`, \`district\`, \`commune\`: gói quy tắc so sánh giữa các cuộc bầu theo tên này / the rule pack
  compares contests by these names.
- \`candidates.csv\`: số thứ tự trên phiếu, họ tên, ngày sinh (dùng khi bằng phiếu) / place on the ballot, name, birth date
  (it decides ties).
- \`electorates.csv\`: cuộc bầu chỉ có ở một số khu vực; ở đây đơn vị quân đội chỉ bầu Quốc hội và tỉnh / contests that only
  some polling areas vote in; here the armed forces vote for the National Assembly and the province only.
- Quy tắc / rules: gói \`pack:vietnam-${year}\`. Muốn đổi mức độ hoặc ngưỡng, thêm \`rules.json\` với cùng \`id\` và \`form\` /
  to change a severity or threshold add a \`rules.json\` with a rule of the same \`id\` and \`form\`, and name it in \`rules\`
  after the pack.

Các trường / fields: C, V, P, R, H, K như trên biên bản kiểm phiếu; RCV, X, U theo biên bản kiểm kê và n (số phiếu bầu 1, 2,
3 … người) có thể bỏ trống / as on the count record; RCV, X, U of the inventory and n (ballots by class) may be left out.
`;
}
