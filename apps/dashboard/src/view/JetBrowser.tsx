/** @file Single jets: those of the selection to page through, one of them large. */
import type { JetImage, JetImageGridOptions } from '@jetsdk/plots';
import { useEffect, useState } from 'preact/hooks';
import { jetImages } from '../actions.js';
import * as format from '../format.js';
import { placed } from '../geometry.js';
import { classNames, selected, tagged } from '../reading.js';
import { type State, update, usePage, ZOOMS } from '../state.js';
import { Figure } from './Figure.js';

const PAGE = 12;
/** A cut that moves on sooner has jets that nobody looks at. */
const STILL_MS = 100;
/** Room for the colour bar, in pixels. */
const COLOUR_BAR = 96;

export function JetBrowser() {
  const state = usePage();
  const { zoom } = state;
  const jets = selected(state);
  const at = Math.min(state.at, jets.count - 1);
  const first = Math.max(0, Math.floor(at / PAGE) * PAGE);
  const page = Array.from({ length: Math.min(PAGE, jets.count - first) }, (_, i) => jets.jet(first + i));
  const shown = useImages(page, state);
  const half = state.survey?.halfWidth;
  const quantity = half === undefined ? 'Pixel' : 'p_{T} (GeV)';
  const go = (to: number): void => update({ at: Math.min(jets.count - 1, Math.max(0, to)) });
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -PAGE, PageDown: PAGE }[event.key];
    if (step === undefined || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    go(at + step);
  };
  const large = shown === undefined ? 0 : Math.max(0, shown.jets.indexOf(jets.jet(at)));
  const jet = shown?.jets[large];
  const one = shown?.images[large];
  return (
    <section aria-labelledby="single" onKeyDown={walk}>
      <div class="section-head">
        <h2 id="single">Single jets</h2>
        <p class="muted" aria-live="polite">
          {describe(state, jets.count)}
        </p>
        {state.selection.kind !== 'all' && (
          <button type="button" class="quiet" onClick={() => update({ selection: { kind: 'all' }, at: 0 })}>
            Show all
          </button>
        )}
        <div class="pager">
          <button type="button" disabled={at <= 0} onClick={() => go(at - 1)}>
            Previous
          </button>
          <span>{jets.count === 0 ? 'none' : `${format.count(at + 1)} of ${format.count(jets.count)}`}</span>
          <button type="button" disabled={at >= jets.count - 1} onClick={() => go(at + 1)}>
            Next
          </button>
        </div>
      </div>
      {shown?.problem !== undefined && <p class="note">{shown.problem}</p>}
      {shown !== undefined && one !== undefined && jet !== undefined && jets.count > 0 && (
        <div class="figures browser">
          <Figure
            name={`jet-${jet}`}
            heading={`Jet ${format.count(jet)}`}
            widest={520}
            tools={
              <fieldset class="choice">
                <legend>Zoom</legend>
                {ZOOMS.map((factor) => (
                  <label key={factor}>
                    <input
                      type="radio"
                      name="zoom"
                      checked={zoom === factor}
                      onChange={() => update({ zoom: factor })}
                    />
                    <span>{factor}×</span>
                  </label>
                ))}
              </fieldset>
            }
            caption={<JetFacts state={state} jet={jet} />}
            draw={(plots, options) => {
              const { image, share } = crop(one, zoom);
              const axes = half === undefined ? {} : { halfWidth: half * share };
              return plots.jetImage(image, { ...options, quantity, ...axes });
            }}
            of={[one, zoom, half]}
          />
          <Figure
            name="jets"
            heading="On this page"
            widest={720}
            caption="One colour scale for all. Choose one to see it large; the arrow keys walk through them."
            draw={(plots, options) =>
              plots.jetImageGrid(
                shown.images.map((image, i) => ({
                  ...image,
                  title: titleOf(state, shown.jets[i]),
                })),
                gridOptions(options, shown.images.length, quantity),
              )
            }
            of={[shown, state.scored, state.chosen]}
            over={(frames) =>
              frames.map((box, i) => (
                <button
                  key={shown.jets[i]}
                  type="button"
                  class="jet"
                  style={placed(box)}
                  aria-label={`Jet ${shown.jets[i]}`}
                  aria-pressed={i === large}
                  onClick={() => go(jets.placeOf(shown.jets[i]))}
                />
              ))
            }
          />
        </div>
      )}
    </section>
  );
}

/** Jets with their images. */
interface Shown {
  readonly of: State['data'];
  readonly recipe: string;
  readonly jets: readonly number[];
  readonly images: readonly JetImage[];
  readonly problem?: string;
}

/** The images of a page of jets; until they are there, those of the page before. */
function useImages(jets: readonly number[], { data, recipe, selection }: State): Shown | undefined {
  const [shown, set] = useState<Shown>();
  useEffect(() => {
    let wanted = true;
    const show = (images: readonly JetImage[], problem?: string): void => {
      if (wanted) set({ of: data, recipe, jets, images, ...(problem !== undefined && { problem }) });
    };
    const follows = selection.kind === 'side' || selection.kind === 'verdict';
    const timer = setTimeout(
      () => {
        if (jets.length > 0) jetImages(jets).then(show, (error: Error) => show([], error.message));
      },
      follows ? STILL_MS : 0,
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [data, recipe, jets.join()]);
  return shown?.of === data && shown?.recipe === recipe ? shown : undefined;
}

/** The middle of an image, about `zoom` times smaller, and which share of its side that is. */
function crop({ shape: [height, width], pixels }: JetImage, zoom: number): { image: JetImage; share: number } {
  const margin = (size: number): number => Math.floor((size - size / zoom) / 2);
  const [top, left] = [margin(height), margin(width)];
  const [rows, columns] = [height - 2 * top, width - 2 * left];
  const middle = Float64Array.from(
    { length: rows * columns },
    (_, i) => pixels[(top + Math.floor(i / columns)) * width + left + (i % columns)],
  );
  return { image: { shape: [rows, columns], pixels: middle }, share: columns / width };
}

/** Pictures of one size, however many there are. */
function gridOptions(options: JetImageGridOptions & { readonly width: number }, images: number, quantity: string) {
  const columns = options.width < 560 ? 2 : 4;
  const used = Math.min(columns, images);
  const width = Math.round(COLOUR_BAR + ((options.width - COLOUR_BAR) * used) / columns);
  return { ...options, width, columns, axes: false, quantity };
}

const className = (state: State, jet: number): string | undefined => {
  const label = state.data?.labels?.[jet];
  return label === undefined ? undefined : classNames(state)[label];
};

/** Short, since it may be cut off. */
function titleOf(state: State, jet: number): string {
  const [lead] = tagged(state);
  const score = lead === undefined ? [] : [lead.scores[jet].toFixed(2)];
  return [...score, className(state, jet) ?? `jet ${jet}`].join(' ');
}

function JetFacts({ state, jet }: { readonly state: State; readonly jet: number }) {
  const mass = state.survey?.mass?.[jet];
  const label = className(state, jet);
  return (
    <dl class="facts">
      {label !== undefined && (
        <div>
          <dt>class</dt>
          <dd>{label}</dd>
        </div>
      )}
      {mass !== undefined && (
        <div>
          <dt>mass</dt>
          <dd>{mass.toFixed(1)} GeV</dd>
        </div>
      )}
      {tagged(state).map(({ id, scores }) => (
        <div key={id}>
          <dt>{id}</dt>
          <dd>{scores[jet].toFixed(4)}</dd>
        </div>
      ))}
    </dl>
  );
}

function describe(state: State, jets: number): string {
  const { selection } = state;
  const [lead] = tagged(state);
  if (selection.kind === 'all' || lead === undefined) return `all ${format.plural(jets, 'jet')}`;
  if (selection.kind === 'bin')
    return `${format.plural(jets, 'jet')} with a score of ${selection.low.toFixed(2)} to ${selection.high.toFixed(2)} by ${lead.id}`;
  const says = (passes: boolean): string => (passes ? 'passes' : 'rejects');
  if (selection.kind === 'side') {
    const name = selection.label === undefined ? 'jet' : `${classNames(state)[selection.label]} jet`;
    return `${format.plural(jets, name)} that ${lead.id} ${says(selection.passes)}`;
  }
  return `${format.plural(jets, `${classNames(state)[selection.label]} jet`)} that ${lead.id} ${says(selection.lead)} and ${selection.other} ${says(selection.passes)}`;
}
