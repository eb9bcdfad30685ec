import type { ImportReport } from '@bothands/protocol';
import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { Box } from '../../parts/box.tsx';
import { FileButton } from '../../parts/file-button.tsx';
import { checkedFiles, FILE_KINDS, nameFor } from './file-check.ts';
import { PasteForm } from './paste-form.tsx';

export function ImportBox({ sample, onImported }: { sample?: string; onImported?: () => void }) {
  const { actions } = useDesk();
  const [report, setReport] = useState<ImportReport | null>(null);
  const [refusal, setRefusal] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [isOver, setOver] = useState(false);

  const bring = async (work: () => Promise<ImportReport>) => {
    setBusy(true);
    setRefusal('');
    setReport(null);
    try {
      setReport(await work());
      onImported?.();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const bringFiles = (files: File[]) => {
    const wrong = checkedFiles(files);
    if (wrong) setRefusal(wrong);
    else void bring(() => actions.importFiles(files));
  };
  return (
    <Box title="Bring in a FAQ">
      <div
        className="drop"
        data-over={isOver}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          bringFiles([...event.dataTransfer.files]);
        }}
      >
        <b>Drop files here</b>
        <p className="mut">Markdown articles, a CSV with question and answer, or plain text</p>
        <FileButton accept={FILE_KINDS} isDisabled={isBusy} onFiles={bringFiles}>
          Choose files…
        </FileButton>
      </div>
      <PasteForm isBusy={isBusy} sample={sample} onPaste={(text) => void bring(() => actions.importText(nameFor(text), text))} />
      <div role="status">
        {isBusy && <p className="mut">Reading…</p>}
        {report && <Report report={report} />}
      </div>
      <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
    </Box>
  );
}

function Report({ report }: { report: ImportReport }) {
  const parts = [
    [report.articles, 'article', 'articles'],
    [report.questions, 'question with its answer', 'questions with their answers'],
    [report.replies, 'reply', 'replies'],
    [report.passages, 'passage', 'passages'],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
  return (
    <>
      <p className="notice hu">{words.length > 0 ? `Brought in: ${words.join(', ')}. The AI may use them now.` : 'Nothing new was found in it.'}</p>
      {report.warnings.length > 0 && (
        <ul className="warnings" aria-label="Warnings">
          {report.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </>
  );
}
