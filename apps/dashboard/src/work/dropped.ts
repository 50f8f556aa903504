/** @file Files that a visitor dropped, with the folders they were in. */

export interface Dropped {
  readonly path: string;
  readonly file: File;
}

export const nameOf = ({ path }: Dropped): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder with a slash at its end; empty for a file that was in none. */
export const folderOf = ({ path }: Dropped): string => path.slice(0, path.lastIndexOf('/') + 1);

export const bytesOf = async ({ file }: Dropped): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
