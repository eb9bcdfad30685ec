import { FileButton } from '../../parts/file-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PHOTO_KINDS, type Photos } from './photos.ts';

/** What goes with the reply, each to be taken out again. */
export function PhotoRow({ photos, isLoading, wrong, remove }: Photos) {
  return (
    <>
      {(photos.length > 0 || isLoading) && (
        <ul className="photo-row" aria-label="Photos that go with the reply">
          {photos.map((photo) => (
            <li key={photo.id}>
              <img src={`/api/v1/files/${photo.id}`} alt={photo.name} width="64" height="64" />
              <button type="button" aria-label={`Take ${photo.name} out`} onClick={() => remove(photo.id)}>
                <Icon name="close" />
              </button>
            </li>
          ))}
          {isLoading && <li className="mut">Sending the photo…</li>}
        </ul>
      )}
      <div role="alert">{wrong && <p className="notice bad">{wrong}</p>}</div>
    </>
  );
}

export function AddPhoto({ add }: Pick<Photos, 'add'>) {
  return (
    <FileButton look="quiet" accept={PHOTO_KINDS} onFiles={(files) => void add(files)}>
      <Icon name="clip" />
      Add a photo
    </FileButton>
  );
}
