import type { Moment } from '@bothands/protocol';
import { call } from './call.ts';

const LOOK_MILLISECONDS = 700;
const LOOK_MINUTES_MAX = 10;

/** An export or an erasure that was asked for, as far as it is. */
export interface DataRequest {
  id: string;
  done_at: Moment | null;
  bytes: number | null;
  file: string | null;
}

export const askForExport = (contactId: string, notes: boolean) =>
  call<DataRequest>('POST', `/contacts/${contactId}/export`, { notes }).then(whenDone);

export const askForErasure = (contactId: string) =>
  call<DataRequest>('DELETE', `/contacts/${contactId}/data`, { confirm: contactId }).then(whenDone);

async function whenDone(asked: DataRequest): Promise<DataRequest> {
  const until = Date.now() + LOOK_MINUTES_MAX * 60_000;
  let request = asked;
  while (request.done_at === null) {
    if (Date.now() > until) throw new Error('It takes unusually long. It goes on; look again later.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
    request = await call<DataRequest>('GET', `/data-requests/${request.id}`);
  }
  return request;
}
