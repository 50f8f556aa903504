/** @file What a visitor takes away. */
import { JetError } from '@jetsdk/jets';
import { writeNpy } from '@jetsdk/jets/npy';

export function save(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function saveScores(name: string, scores: Float32Array): void {
  const file = writeNpy({ dtype: 'float32', shape: [scores.length], data: scores });
  save(`${name}.scores.npy`, file as Uint8Array<ArrayBuffer>, 'application/octet-stream');
}

/** Pixels of a picture for each of its own. */
const PNG_SCALE = 3;

/** @param svg in plain colours */
export async function savePng(name: string, svg: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${canvas.width}×${canvas.height} pixels; expected a smaller picture`,
    );
  save(`${name}.png`, blob, 'image/png');
}
