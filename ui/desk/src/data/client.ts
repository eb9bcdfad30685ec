import { QueryClient } from '@tanstack/react-query';
import { Refused } from './call.ts';

const TRIES_MAX = 3;

/** The server's word stands; only silence and overload are tried again. */
export function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: true,
        retry: (tried, error) => {
          const status = error instanceof Refused ? error.status : 0;
          return tried < TRIES_MAX && (status === 0 || status >= 500);
        },
      },
    },
  });
}
