import type { TryOutResult } from '@bothands/protocol';
import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { Box } from '../../parts/box.tsx';
import { questionsOf, QUESTIONS_MAX } from './file-check.ts';
import { TryOutResults } from './try-out-results.tsx';

/** Paste questions and see what would happen, without any customer seeing it. */
export function TryOut({ sample, onTried }: { sample?: string; onTried?: () => void }) {
  const { actions } = useDesk();
  const [text, setText] = useState('');
  const [results, setResults] = useState<TryOutResult[] | null>(null);
  const [refusal, setRefusal] = useState('');
  const [isBusy, setBusy] = useState(false);
  const questions = questionsOf(text);
  const isTooMany = questions.length > QUESTIONS_MAX;

  const run = async () => {
    setBusy(true);
    setRefusal('');
    try {
      setResults(await actions.tryOut(questions));
      onTried?.();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box title="Try it out">
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label htmlFor="try-text">Questions, one a line</label>
        <textarea
          id="try-text"
          className="input"
          rows={7}
          aria-describedby="try-count"
          placeholder={'Do you deliver on Saturdays?\nMy mattress arrived broken, again'}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="row-acts">
          <button type="submit" className="btn pri" disabled={isBusy || questions.length === 0 || isTooMany}>
            {isBusy ? 'Asking…' : 'See what the AI would do'}
          </button>
          {sample && text === '' && (
            <button type="button" className="btn quiet" onClick={() => setText(sample)}>
              Take example questions
            </button>
          )}
          <span id="try-count" className={isTooMany ? 'clock warn' : 'mut'}>
            {isTooMany ? `${questions.length} questions, at most ${QUESTIONS_MAX} at once` : `${questions.length} of ${QUESTIONS_MAX} questions`}
          </span>
        </div>
      </form>
      <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
      <div role="status">{results && <TryOutResults results={results} />}</div>
    </Box>
  );
}
