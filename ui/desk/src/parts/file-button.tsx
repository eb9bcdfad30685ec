import { useRef, type ReactNode } from 'react';

interface FileButtonProps {
  look?: string;
  accept: readonly string[];
  isDisabled?: boolean;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** A button that lets one choose files; the same ones can be chosen again. */
export function FileButton({ look = '', accept, isDisabled = false, onFiles, children }: FileButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={`btn ${look}`} disabled={isDisabled} onClick={() => picker.current?.click()}>
        {children}
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={accept.join(',')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
