/** The end of a conversation: asked, not assumed. */
import type { Solved } from '@bothands/protocol';
import { useState } from 'preact/hooks';
import { firstName, useRoom } from '../room.ts';
import { say } from '../say.ts';
import { downloadTranscript } from '../transcript.ts';

const SOLVED: [Solved, 'yes' | 'partly' | 'not_yet'][] = [
  ['yes', 'yes'],
  ['partly', 'partly'],
  ['no', 'not_yet'],
];

export function Closing({ onNew }: { onNew: () => void }) {
  const { visit } = useRoom();
  const closed = visit.state!.closed!;
  return (
    <div class="wait" data-tail data-area="closing" tabIndex={-1}>
      {closed.agreed && (
        <div class="cd">
          <small>{say('what_agreed')}</small>
          <div>
            <b>{closed.agreed}</b>
          </div>
        </div>
      )}
      {visit.state!.rated ? <p class="cd">✓ {say('thanks')}</p> : <Rating />}
      <div class="sp">
        <div class="lg">{say('transcript')}</div>
        <div class="two">
          <button type="button" class="b" onClick={() => downloadTranscript(visit)}>
            {say('download')}
          </button>
          <button type="button" class="b" onClick={onNew}>
            {say('something_new')}
          </button>
        </div>
      </div>
    </div>
  );
}

function Rating() {
  const { visit, chat } = useRoom();
  const [solved, setSolved] = useState<Solved | null>(null);
  const [score, setScore] = useState<number | null>(null);
  const [comment, setComment] = useState('');
  const [wrong, setWrong] = useState('');
  const closed = visit.state!.closed!;
  const mayReopen = closed.may_reopen_until !== null && Date.parse(closed.may_reopen_until) > Date.now();
  const reopens = solved === 'no' && mayReopen;
  const wasPerson = visit.entries.some((entry) => entry.author_kind === 'agent');
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!solved && !score && !comment.trim()) return setWrong(say('rate_missing'));
    setWrong('');
    chat.rate(solved, score, comment.trim());
    if (reopens) chat.act({ do: 'reopen' });
  };
  return (
    <form class="wait" onSubmit={send}>
      <fieldset>
        <legend>{say('solved')}</legend>
        <div class="o3">
          {SOLVED.map(([value, word]) => (
            <label class="o" key={value}>
              <input type="radio" name="solved" checked={solved === value} onChange={() => setSolved(value)} />
              <span>{say(word)}</span>
            </label>
          ))}
        </div>
        {mayReopen && (
          <div class="hint">{wasPerson && closed.by ? say('not_yet_note', { name: firstName(closed.by) }) : say('not_yet_note_bare')}</div>
        )}
      </fieldset>
      <fieldset>
        <legend>{say('how_help')}</legend>
        <div class="o5 num">
          {[1, 2, 3, 4, 5].map((n) => (
            <label class="o" key={n}>
              <input type="radio" name="score" aria-label={n === 1 ? say('score_low', { n }) : n === 5 ? say('score_high', { n }) : undefined} checked={score === n} onChange={() => setScore(n)} />
              <span>{n}</span>
            </label>
          ))}
        </div>
        <div class="hint ends">
          <span>{say('poor')}</span>
          <span>{say('very_good')}</span>
        </div>
      </fieldset>
      {wrong && <p role="alert">{wrong}</p>}
      <div class="row">
        <input class="in" aria-label={say('anything_label')} placeholder={say('anything')} maxLength={1000} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
        <button class="b dk">{say(reopens ? 'send_reopen' : 'send')}</button>
      </div>
    </form>
  );
}
