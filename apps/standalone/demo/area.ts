/**
 * Lạc Dương district as it was on 23 May 2021: the real communes and codes (`examples/lac-duong-2021`), with polling
 * areas that are made up and say so.
 */
import { Chance } from './random.ts';

export interface DemoStation {
  readonly code: string;
  readonly commune: string;
  readonly number: number;
  readonly registered: number;
}

export interface DemoCommune {
  readonly code: string;
  readonly name: string;
  readonly english: string;
  readonly stations: number;
}

export const PROVINCE = { code: '68', name: 'Tỉnh Lâm Đồng', english: 'Lâm Đồng province' } as const;
export const DISTRICT = { code: '675', name: 'Huyện Lạc Dương', english: 'Lạc Dương district' } as const;

/** The number of polling areas is made up. */
export const COMMUNES: readonly DemoCommune[] = [
  { code: '24846', name: 'Thị trấn Lạc Dương', english: 'Lạc Dương township', stations: 14 },
  { code: '24847', name: 'Xã Đạ Chais', english: 'Đạ Chais commune', stations: 5 },
  { code: '24848', name: 'Xã Đạ Nhim', english: 'Đạ Nhim commune', stations: 8 },
  { code: '24850', name: 'Xã Đưng KNớ', english: 'Đưng KNớ commune', stations: 6 },
  { code: '24862', name: 'Xã Lát', english: 'Lát commune', stations: 10 },
  { code: '24865', name: 'Xã Đạ Sar', english: 'Đạ Sar commune', stations: 9 },
];

export function demoStations(): DemoStation[] {
  const chance = new Chance(675);
  return COMMUNES.flatMap(({ code, stations }) =>
    Array.from({ length: stations }, (_, i) => ({
      code: `${code}-${String(i + 1).padStart(2, '0')}`,
      commune: code,
      number: i + 1,
      registered: chance.between(310, 840),
    })),
  );
}
