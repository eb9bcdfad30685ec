/** Photos: checked before they leave, drawn on a canvas as preview, sent to our own file route. */
import { Refusal, type Attachment, type Chat } from '@bothands/protocol';
import { say } from './say.ts';
import { sayProblem } from './problems.ts';

export const PHOTO_MIB_MAX = 8;
export const PHOTOS_PER_MESSAGE_MAX = 4;
const PREVIEW_PX = 152;
const KINDS = 'image/png,image/jpeg,image/webp,image/gif';

export interface Photo {
  name: string;
  preview: ImageBitmap | null;
  /** Why it cannot be sent, in the visitor's words. */
  words: string;
  upload(chat: Chat): Promise<{ attachment: Attachment } | { words: string }>;
}

/** Decoding is the check: whatever the browser cannot draw is not a picture, whatever its name says. */
export async function readPhoto(file: File): Promise<Photo> {
  const name = file.name || 'photo';
  let words = '';
  let preview: ImageBitmap | null = null;
  if (file.size > PHOTO_MIB_MAX * 2 ** 20) words = say('photo_big', { name, n: PHOTO_MIB_MAX });
  else if (!KINDS.split(',').includes(file.type)) words = say('photo_kind', { name });
  else {
    preview = await createImageBitmap(file, { resizeHeight: PREVIEW_PX, resizeQuality: 'medium' }).catch(() => null);
    if (!preview) words = say('photo_kind', { name });
  }
  return {
    name,
    preview,
    words,
    async upload(chat) {
      if (words) return { words };
      if (chat.visit().link !== 'online') return { words: say('photo_offline', { name }) };
      try {
        return { attachment: await chat.upload(file) };
      } catch (error) {
        return { words: error instanceof Refusal ? sayProblem(error.problem) : say('photo_failed', { name }) };
      }
    },
  };
}

export function pickFiles(isMultiple: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = KINDS;
    input.multiple = isMultiple;
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

export async function choosePhoto(): Promise<Photo | null> {
  const [file] = await pickFiles(false);
  return file ? readPhoto(file) : null;
}
