import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Live } from '../data/live.ts';

export function useLive(isReady: boolean): Live {
  const client = useQueryClient();
  const [live] = useState(() => new Live(client));
  useEffect(() => {
    if (!isReady) return;
    live.start();
    return () => live.stop();
  }, [isReady, live]);
  return live;
}
