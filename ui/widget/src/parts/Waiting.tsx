/** Waiting for a person: a true place, an honest range, and a choice. */
import type { Queue, QueueQuestion, WaitRange } from '@bothands/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import { choosePhoto } from '../photos.ts';
import { useRoom } from '../room.ts';
import { say, sayPlace, sayReturn } from '../say.ts';
import { Address } from './Address.tsx';
import { Icon } from './icons.tsx';

const TICK_MS = 15_000;
const SAY_EVERY_MS = 60_000;
/** The bar reaches this far beyond the longest expected wait, so that a late person is still on it. */
const BAR_BEYOND_SHARE = 1.6;

function sayRange(queue: Queue): string {
  if (!queue.wait) return say('no_range');
  const { low_minutes: low, high_minutes: high } = queue.wait;
  return low === high ? say('about_one', { low }) : say('about_range', { low, high });
}

export function Waiting({ queue }: { queue: Queue }) {
  const { visit } = useRoom();
  const people = visit.state!.people;
  return (
    <div class="wait" data-tail data-area="wait" tabIndex={-1}>
      {people.on_duty ? <Place queue={queue} /> : <OffDuty next={people.next_open_at} />}
      <Suits queue={queue} isOffDuty={!people.on_duty} />
      <Questions queue={queue} />
      <QueueNews queue={queue} isOnDuty={people.on_duty} />
    </div>
  );
}

/** Minutes waited, counted on from what the server said: the clocks of phones are often wrong. */
function useWaitedMinutes(queue: Queue): number {
  const [extra, setExtra] = useState(0);
  useEffect(() => {
    const from = performance.now();
    setExtra(0);
    const timer = setInterval(() => setExtra((performance.now() - from) / 1000), TICK_MS);
    return () => clearInterval(timer);
  }, [queue.waited_seconds, queue.asked_at]);
  return (queue.waited_seconds + extra) / 60;
}

function Place({ queue }: { queue: Queue }) {
  const waited = useWaitedMinutes(queue);
  return (
    <div class="cd hc">
      <div class="r">
        <b class="big">{say('place', { place: sayPlace(queue.place) })}</b>
        <b>{sayRange(queue)}</b>
      </div>
      {queue.wait ? <Bar wait={queue.wait} waited={waited} /> : <div class="ax">{say('so_far', { n: Math.floor(waited) })}</div>}
      <small>{say('range_note')}</small>
    </div>
  );
}

function Bar({ wait, waited }: { wait: WaitRange; waited: number }) {
  const { low_minutes: low, high_minutes: high } = wait;
  const whole = Math.max(high * BAR_BEYOND_SHARE, waited * 1.1, 1);
  const at = (minutes: number) => `${Math.min(100, Math.max(0, (minutes / whole) * 100)).toFixed(1)}%`;
  const n = Math.floor(waited);
  return (
    <div style={{ '--low': at(low), '--rest': at(whole - Math.max(high, low + whole * 0.03)), '--at': at(waited) }}>
      <div class="rng" role="img" aria-label={say('range_label', { n, low, high })}>
        <i />
        <u />
      </div>
      <div class="ax" aria-hidden="true">
        <span>{say('so_far', { n })}</span>
        <span>{say('minutes', { n: low === high ? low : `${low}–${high}` })}</span>
      </div>
    </div>
  );
}

function OffDuty({ next }: { next: string | null }) {
  return (
    <div class="cd hc">
      <b class="big">{say('off_duty')}</b>
      <div>
        {next && <b>{say('off_duty_until', { time: sayReturn(next) })} </b>}
        {say('off_duty_more')}
      </div>
    </div>
  );
}

function Suits({ queue, isOffDuty }: { queue: Queue; isOffDuty: boolean }) {
  const [choice, setChoice] = useState<'wait' | 'address'>(isOffDuty ? 'address' : 'wait');
  if (queue.contact_left || (isOffDuty && choice === 'address')) return <Address isKept={queue.contact_left} />;
  return (
    <fieldset>
      <legend>{say('suits')}</legend>
      <div class="o3">
        {(['wait', 'address'] as const).map((one) => (
          <label class="o" key={one}>
            <input type="radio" name="suits" checked={choice === one} onChange={() => setChoice(one)} />
            <span>{say(one === 'wait' ? 'keep_waiting' : 'leave_address')}</span>
          </label>
        ))}
      </div>
      {choice === 'address' && <Address isKept={false} />}
    </fieldset>
  );
}

/** Questions stay on show with their answer, though the server asks each only once. */
function Questions({ queue }: { queue: Queue }) {
  const { chat } = useRoom();
  const asked = useRef(new Map<string, QueueQuestion>());
  const [answers, setAnswers] = useState<Record<string, string | null>>({});
  for (const question of queue.questions) asked.current.set(question.id, question);
  const all = [...asked.current.values()].slice(0, 2);
  if (all.length === 0) return null;
  const answer = (id: string, value: string | null) => {
    setAnswers({ ...answers, [id]: value });
    chat.act({ do: 'answer', question: id, value });
  };
  return (
    <div class="cd ask">
      <b>{say(all.length === 1 ? 'questions_one' : 'questions_two')}</b>
      {all.map((question, i) => (
        <Question key={question.id} question={question} number={i + 1} given={answers[question.id]} onAnswer={(value) => answer(question.id, value)} />
      ))}
    </div>
  );
}

interface QuestionProps {
  question: QueueQuestion;
  number: number;
  given: string | null | undefined;
  onAnswer: (value: string | null) => void;
}

function Question({ question, number, given, onAnswer }: QuestionProps) {
  const [text, setText] = useState('');
  const isDone = given !== undefined;
  const skip = (
    <button type="button" class="b q" aria-disabled={isDone} onClick={() => !isDone && onAnswer(null)}>
      {isDone ? (given === null ? say('skipped') : '✓ ' + say('answered')) : say('skip')}
    </button>
  );
  const title = `${number}. ${question.text}`;
  if (question.kind === 'choice') {
    return (
      <fieldset>
        <legend>{title}</legend>
        <div class="o3">
          {question.choices.map((choice) => (
            <label class="o" key={choice}>
              <input type="radio" name={`q-${question.id}`} checked={given === choice} onChange={() => onAnswer(choice)} />
              <span>{choice}</span>
            </label>
          ))}
          {skip}
        </div>
      </fieldset>
    );
  }
  const id = `q-${question.id}`;
  return (
    <div>
      <div class="lg" id={id}>
        {title}
      </div>
      {question.kind === 'photo' ? (
        <div class="row">
          <PhotoButton describedBy={id} onPhoto={onAnswer} />
          {skip}
        </div>
      ) : (
        <form class="row" onSubmit={(event) => (event.preventDefault(), text.trim() && onAnswer(text.trim()))}>
          <input class="in" aria-labelledby={id} maxLength={200} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <button class="b">{say('save')}</button>
          {skip}
        </form>
      )}
    </div>
  );
}

function PhotoButton({ describedBy, onPhoto }: { describedBy: string; onPhoto: (value: string) => void }) {
  const { chat } = useRoom();
  const [words, setWords] = useState('');
  const [isBusy, setBusy] = useState(false);
  const pick = async () => {
    const file = await choosePhoto();
    if (!file || isBusy) return;
    setBusy(true);
    setWords(say('uploading'));
    const outcome = await file.upload(chat);
    setBusy(false);
    setWords('words' in outcome ? outcome.words : '');
    if ('attachment' in outcome) onPhoto(outcome.attachment.id);
  };
  return (
    <>
      <button type="button" class="b" aria-describedby={describedBy} onClick={pick}>
        <Icon name="camera" />
        {say('add_photo')}
      </button>
      <span class="hint" role="status">
        {words}
      </span>
    </>
  );
}

/** Said aloud at most once a minute, however often the queue moves. */
function QueueNews({ queue, isOnDuty }: { queue: Queue; isOnDuty: boolean }) {
  const [said, setSaid] = useState('');
  const saidAt = useRef(-Infinity);
  const news = isOnDuty ? `${say('place', { place: sayPlace(queue.place) })}, ${sayRange(queue)}` : say('off_duty');
  useEffect(() => {
    if (news === said) return;
    const wait = Math.max(300, saidAt.current + SAY_EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      saidAt.current = performance.now();
      setSaid(news);
    }, wait);
    return () => clearTimeout(timer);
  }, [news, said]);
  return (
    <div class="vh" role="status">
      {said}
    </div>
  );
}
