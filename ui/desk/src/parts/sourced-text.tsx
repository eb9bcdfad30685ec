import type { Source } from '@bothands/protocol';
import { Fragment } from 'react';

export type Piece = { text: string } | { number: number };

/** "Yes. [1] No. [2]" → texts and numbers; a number without a source stays as it was written. */
export function piecesOf(text: string, sources: readonly Source[]): Piece[] {
  const known = new Set(sources.map((source) => source.number));
  const pieces: Piece[] = [];
  let from = 0;
  for (const mark of text.matchAll(/\s?\[(\d{1,2})\]/g)) {
    if (!known.has(Number(mark[1]))) continue;
    if (mark.index > from) pieces.push({ text: text.slice(from, mark.index) });
    pieces.push({ number: Number(mark[1]) });
    from = mark.index + mark[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

export function SourcedText({ text, sources }: { text: string; sources: readonly Source[] }) {
  return piecesOf(text, sources).map((piece, index) => (
    <Fragment key={index}>
      {'text' in piece ? piece.text : <sup className="mark"><span className="only-read"> source </span>{piece.number}</sup>}
    </Fragment>
  ));
}

export function titleOf(source: Source): string {
  return source.section && source.section !== source.title ? `${source.title}, ${source.section}` : source.title;
}

/** Only addresses of the web become links: a source's url is text from outside. */
export function webAddressOf(url: string | null | undefined): string | null {
  return url && /^(https?:\/\/|\/(?!\/))/.test(url) ? url : null;
}

export function SourceName({ source }: { source: Source }) {
  const address = webAddressOf(source.url);
  if (!address) return <span className="src-name">{titleOf(source)}</span>;
  return (
    <a className="src" href={address} target="_blank" rel="noreferrer">
      {titleOf(source)}
    </a>
  );
}

/** Under `text`, what it does not cite is only near: shown without a number, so that it is not taken for a source. */
export function SourceList({ sources, text }: { sources: readonly Source[]; text?: string }) {
  if (sources.length === 0) return null;
  return (
    <ul className="sources" aria-label="Sources">
      {sources.map((source) => (
        <li key={source.number}>
          {text !== undefined && source.kind === 'article' && !text.includes(`[${source.number}]`) ? <span className="mut">near</span> : <b>{source.number}</b>}{' '}
          <SourceName source={source} />
        </li>
      ))}
    </ul>
  );
}
