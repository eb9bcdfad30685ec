/** What is seldom on screen in the first second: fetched right after the panel has opened. */
import css from './later.css?inline';

export { OrderCardView } from './parts/Card.tsx';
export { Closing } from './parts/Closing.tsx';
export { Waiting } from './parts/Waiting.tsx';
export { downloadTranscript } from './transcript.ts';
export { css };
