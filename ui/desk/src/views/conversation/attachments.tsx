import type { Attachment } from '@bothands/protocol';

const sizeOf = (bytes: number) => (bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

export function Attachments({ files }: { files: readonly Attachment[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="files" aria-label="Attachments">
      {files.map((file) => (
        <li key={file.id}>
          <a href={`/api/v1/files/${file.id}`} target="_blank" rel="noreferrer">
            {file.media_type.startsWith('image/') && (
              <img src={`/api/v1/files/${file.id}`} alt="" loading="lazy" width="180" height="120" />
            )}
            <span>
              {file.name} <span className="mut">{sizeOf(file.bytes)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
