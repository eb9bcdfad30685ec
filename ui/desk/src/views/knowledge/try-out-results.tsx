import type { TryOutOutcome, TryOutResult } from '@bothands/protocol';
import { SourcedText, SourceList } from '../../parts/sourced-text.tsx';

const OUTCOMES: [outcome: TryOutOutcome, words: string, look: string][] = [
  ['answered', 'answered', 'ai'],
  ['asked', 'asked back', 'warn'],
  ['drafted', 'drafted for a person', 'warn'],
  ['handed_over', 'handed over', 'hu'],
];

export function TryOutResults({ results }: { results: readonly TryOutResult[] }) {
  return (
    <div className="results">
      <Tally results={results} />
      {results.map((result, index) => (
        <Result key={index} result={result} />
      ))}
    </div>
  );
}

function Tally({ results }: { results: readonly TryOutResult[] }) {
  const counts = OUTCOMES.map(([outcome, words]) => ({ outcome, words, n: results.filter((one) => one.outcome === outcome).length })).filter(
    ({ n }) => n > 0,
  );
  let from = 0;
  return (
    <>
      <p className="tally">
        {counts.map(({ outcome, words, n }) => (
          <span key={outcome}>
            <b>{n}</b> {words}
          </span>
        ))}
      </p>
      <svg className="tally-bar" width="100%" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {counts.map(({ outcome, n }) => {
          const width = (n / results.length) * 100;
          from += width;
          return <rect key={outcome} className={outcome} x={from - width} width={Math.max(0, width - 0.5)} height="10" />;
        })}
      </svg>
    </>
  );
}

function Result({ result }: { result: TryOutResult }) {
  const [, words, look] = OUTCOMES.find(([outcome]) => outcome === result.outcome) ?? ['', result.outcome, ''];
  return (
    <article className={`result ${result.outcome}`}>
      <header>
        <h3>{result.question}</h3>
        <span className={`tag ${look}`}>{words}</span>
      </header>
      {result.text && (
        <p className="sec">
          <SourcedText text={result.text} sources={result.sources} />
        </p>
      )}
      {result.choices.length > 0 && <p className="mut">Choices: {result.choices.join(' · ')}</p>}
      <SourceList sources={result.sources} text={result.text} />
      {result.outcome !== 'answered' && result.reasons.length > 0 && (
        <p className="mut">Because: {result.reasons.map((reason) => reason.words || reason.code).join('; ')}</p>
      )}
    </article>
  );
}
