import { describe, expect, it } from '@jest/globals';
import { readReceiptId } from './receipt-text.ts';

describe('what people type for a receipt', () => {
  it.each(['0-12-K7QM-3PXD', ' 0-12-k7qm-3pxd ', '0 12 K7QM 3PXD', '0:12 K7QM3PXD', '0 – 12 – K7QM – 3PXD'])(
    'reads %j',
    (text) => {
      expect(readReceiptId(text)).toBe('0-12-K7QM-3PXD');
    },
  );

  it('takes letters for the digits that they look like', () => {
    expect(readReceiptId('3-7-OILM-0000')).toBe('3-7-011M-0000');
  });

  it.each(['', 'K7QM-3PXD', '0-12', '0-12-K7QM-3PX', '0-12-K7QM-3PXDD', 'x-12-K7QM-3PXD', '0-12-K7ỢM-3PXD'])(
    'takes %j for none',
    (text) => {
      expect(readReceiptId(text)).toBeNull();
    },
  );
});
