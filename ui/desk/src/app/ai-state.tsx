import { useStops } from './desk.tsx';

/** On every page of the desk: is the AI on, and if not, what is stopped. */
export function AiState() {
  const stops = useStops();
  const isAll = stops.some((stop) => stop.topic === null);
  return (
    <span className={`ai-state ${stops.length > 0 ? 'off' : ''}`} role="status">
      <i />
      <span>{isAll ? 'AI is stopped' : stops.length > 0 ? `AI stopped on ${stops.length === 1 ? '1 topic' : `${stops.length} topics`}` : 'AI is on'}</span>
    </span>
  );
}
