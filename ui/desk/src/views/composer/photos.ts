import type { Attachment } from '@bothands/protocol';
import { useRef, useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';

export const PHOTO_KINDS = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
export const PHOTO_MIB_MAX = 8;
export const PHOTOS_MAX = 5;

/** A plain word on what cannot be sent, before anything leaves. */
export function checkedPhotos(files: readonly Pick<File, 'name' | 'size' | 'type'>[], held: number): string | null {
  if (held + files.length > PHOTOS_MAX) return `Photos: at most ${PHOTOS_MAX} in one message. Send the others next.`;
  for (const file of files) {
    if (!PHOTO_KINDS.includes(file.type)) return `${file.name}: not a picture that can be sent. Use PNG, JPEG, WebP or GIF.`;
    if (file.size > PHOTO_MIB_MAX * 2 ** 20) return `${file.name}: larger than ${PHOTO_MIB_MAX} MB. Choose a smaller one.`;
  }
  return null;
}

/** Photos are on the server before the reply is sent; nobody sees them until then. */
export function usePhotos() {
  const { actions } = useDesk();
  const [photos, setPhotos] = useState<Attachment[]>([]);
  const [loading, setLoading] = useState(0);
  const [wrong, setWrong] = useState('');
  const held = useRef(0);

  const add = async (files: File[]) => {
    setWrong(checkedPhotos(files, held.current) ?? '');
    if (checkedPhotos(files, held.current)) return;
    held.current += files.length;
    setLoading((n) => n + files.length);
    for (const file of files) {
      try {
        const photo = await actions.upload(file);
        setPhotos((all) => [...all, photo]);
        announce(`Photo ${file.name} is attached.`);
      } catch (error) {
        held.current -= 1;
        setWrong(error instanceof Error ? error.message : String(error));
      } finally {
        setLoading((n) => n - 1);
      }
    }
  };
  const put = (next: Attachment[]) => {
    held.current = next.length;
    setPhotos(next);
    setWrong('');
  };
  return { photos, isLoading: loading > 0, wrong, add, put, remove: (id: string) => put(photos.filter((photo) => photo.id !== id)) };
}

export type Photos = ReturnType<typeof usePhotos>;
