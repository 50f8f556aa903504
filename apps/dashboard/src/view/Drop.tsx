/** @file A place for files: dropped, or chosen with a button. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Dropped } from '../work/dropped.js';

interface DropProps {
  readonly label: string;
  readonly accept?: string;
  /** whole folders instead of files */
  readonly folder?: boolean;
  readonly multiple?: boolean;
  readonly big?: boolean;
  readonly onFiles: (files: readonly Dropped[]) => void;
  readonly children?: ComponentChildren;
}

export function Drop({ label, accept, folder = false, multiple = false, big = false, onFiles, children }: DropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: readonly Dropped[]): void => {
    setOver(false);
    if (files.length > 0) onFiles(multiple || folder ? files : files.slice(0, 1));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever cannot drop a file chooses it with the button
    <div
      class={`drop${big ? ' big' : ''}${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        void droppedFiles(event.dataTransfer!).then(take);
      }}
    >
      {children}
      <button type="button" class={big ? 'primary' : ''} onClick={() => input.current!.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={multiple || folder}
        {...(folder && { webkitdirectory: true })}
        {...(accept !== undefined && { accept })}
        onChange={(event) => {
          const { files } = event.currentTarget;
          take(Array.from(files ?? [], (file) => ({ path: file.webkitRelativePath || file.name, file })));
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** Files and, of folders, all files in them. */
async function droppedFiles(transfer: DataTransfer): Promise<Dropped[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<Dropped[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.slice(1), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Dropped[] = [];
  // a reader gives its entries in portions, the last one empty
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return found;
    found.push(...(await Promise.all(part.map(filesOf))).flat());
  }
}
