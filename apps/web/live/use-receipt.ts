/** A receipt by its id, asked for again while its event is not in the tree yet. */
import { useEffect, useState } from 'preact/hooks';
import type { ProvenReceipt } from '#wire';
import { addresses } from './addresses.ts';
import { getJson, RequestFailed } from './http.ts';

const AGAIN_MS = 1_500;
const RETRY_MS = 10_000;

export interface ReceiptAsked {
  readonly receipt: ProvenReceipt | undefined;
  readonly failure: RequestFailed | undefined;
}

const NOTHING: ReceiptAsked = { receipt: undefined, failure: undefined };

/** `id`: null asks for nothing. */
export function useReceipt(election: string, id: string | null): ReceiptAsked {
  const [state, setState] = useState<ReceiptAsked>(NOTHING);
  useEffect(() => {
    setState(NOTHING);
    if (id === null) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      try {
        const receipt = await getJson<ProvenReceipt>(addresses.receipt(election, id));
        if (isOver) return;
        setState({ receipt, failure: undefined });
        if (receipt.proof === undefined) timer = setTimeout(() => void ask(), AGAIN_MS);
      } catch (error) {
        const failure = error instanceof RequestFailed ? error : new RequestFailed(0);
        if (isOver) return;
        setState(({ receipt }) => ({ receipt, failure }));
        if (failure.status === 0 || failure.status >= 500)
          timer = setTimeout(() => void ask(), failure.retryAfterMs ?? RETRY_MS);
      }
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [election, id]);
  return state;
}
