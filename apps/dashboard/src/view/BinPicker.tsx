/** @file Bins over a histogram of scores: one click, or the arrow keys, and its jets are shown. */
import type { FrameBox } from '@jetsdk/plots';
import { useRef, useState } from 'preact/hooks';
import { SCORE_BINS } from '../counts.js';
import * as format from '../format.js';
import { placed } from '../geometry.js';
import { type Selection, update } from '../state.js';

interface BinPickerProps {
  readonly frame: FrameBox | undefined;
  /** jets in each bin */
  readonly counts: ArrayLike<number>;
  readonly selection: Selection;
}

export function BinPicker({ frame, counts, selection }: BinPickerProps) {
  const group = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  if (frame === undefined) return null;
  const chosen = selection.kind === 'bin' ? Math.round(selection.low * SCORE_BINS) : undefined;
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -SCORE_BINS, End: SCORE_BINS }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const bins = group.current!.children;
    // counted from the focus, which moves at once: `at` is that of the last rendering, and keys may come faster
    const from = Array.from(bins).indexOf(event.target as Element);
    const next = Math.min(SCORE_BINS - 1, Math.max(0, from + step));
    setAt(next);
    (bins[next] as HTMLElement).focus();
  };
  return (
    <div
      ref={group}
      class="bins"
      style={placed(frame)}
      role="toolbar"
      aria-label="Bins of the score; arrow keys walk"
      onKeyDown={walk}
    >
      {Array.from(counts, (jets, bin) => {
        const [low, high] = [bin / SCORE_BINS, (bin + 1) / SCORE_BINS];
        const label = `score ${low.toFixed(2)} to ${high.toFixed(2)}: ${format.plural(jets, 'jet')}`;
        return (
          <button
            key={bin}
            type="button"
            tabIndex={bin === at ? 0 : -1}
            aria-label={label}
            title={label}
            aria-pressed={bin === chosen}
            onClick={() => {
              setAt(bin);
              update({ selection: bin === chosen ? { kind: 'all' } : { kind: 'bin', low, high }, at: 0 });
            }}
          />
        );
      })}
    </div>
  );
}
