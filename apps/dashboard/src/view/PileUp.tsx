/** @file Jets with pile-up, cleaned before one's eyes. */
import type { Progress } from '@jetsdk/jets';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as format from '../format.js';
import { siteFile } from '../siteFile.js';
import type { CleanedJets, NeutralImages } from '../work/pileUp.js';
import type { Cleaning } from '../work/pileUp.worker.js';
import { connect, type Remote } from '../work/rpc.js';
import { Drop } from './Drop.js';
import { Figure } from './Figure.js';
import { ModelPicker, type Problem, ProblemNote, problemOf, useSiteModels } from './SiteModel.js';

const SAMPLE = 'pileup.h5';

interface Work {
  readonly progress?: Progress;
  readonly cleaned?: CleanedJets;
  readonly problem?: Problem;
}

export function PileUp() {
  const models = useSiteModels('regressors');
  const [model, setModel] = useState<string>();
  const [file, setFile] = useState<File>();
  const [at, setAt] = useState(0);
  const chosen = model ?? models[0];
  const { progress, cleaned, problem } = useCleaned(chosen, file);
  const jet = Math.min(at, (cleaned?.jets ?? 1) - 1);
  return (
    <section aria-labelledby="pile-up">
      <h1 id="pile-up">Take pile-up out of jets</h1>
      <p class="lead">
        Soft collisions of the same bunch crossing add to every jet. Tracks tell which collision they are from, neutral
        particles do not: a network gives the neutral momenta of the leading vertex, in this browser.
      </p>
      <div class="data-line">
        <ModelPicker names={models} chosen={chosen} onChoice={setModel} />
        <Drop
          label="Open another file"
          accept=".h5,.hdf5,.npz,.parquet"
          onFiles={([first]) => {
            setAt(0);
            setFile(first?.file);
          }}
        />
      </div>
      <p class="muted" aria-live="polite">
        {progress !== undefined
          ? `cleaning: ${format.count(progress.done)}${progress.total === undefined ? '' : ` of ${format.count(progress.total)}`}`
          : cleaned === undefined
            ? ''
            : told(cleaned)}
      </p>
      <ProblemNote problem={problem} />
      {cleaned !== undefined && (
        <>
          <label class="jet-slider">
            Jet {format.count(jet)}{' '}
            <input
              type="range"
              min={0}
              max={cleaned.jets - 1}
              value={jet}
              onInput={({ currentTarget }) => setAt(currentTarget.valueAsNumber)}
            />
          </label>
          <Images cleaned={cleaned} jet={jet} />
          <div class="figures">
            <Response cleaned={cleaned} quantity="mass" range={[0, 3]} />
            <Response cleaned={cleaned} quantity="pt" range={[0.7, 1.4]} />
          </div>
        </>
      )}
    </section>
  );
}

function told({ name, jets, of }: CleanedJets): string {
  return `${format.count(jets)}${of > jets ? ` of ${format.count(of)}` : ''} jets of ${name} cleaned`;
}

function Images({ cleaned, jet }: { readonly cleaned: CleanedJets; readonly jet: number }) {
  const { side, halfWidth, before, after, truth } = cleaned;
  const image = (title: string, { pixels }: NeutralImages) => ({
    title,
    shape: [side, side] as const,
    pixels: pixels.subarray(jet * side * side, (jet + 1) * side * side),
  });
  const said = ({ pt, mass }: NeutralImages): string => `${pt[jet].toFixed(0)} GeV, mass ${mass[jet].toFixed(1)} GeV`;
  return (
    <Figure
      name={`pile-up-${jet}`}
      heading="Neutral momenta of one jet"
      widest={1100}
      caption={`With the tracks of the leading vertex, within 0.4: measured ${said(before)}; cleaned ${said(after)}; true ${said(truth)}.`}
      draw={(plots, options) =>
        plots.jetImageGrid([image('measured', before), image('cleaned', after), image('true', truth)], {
          ...options,
          halfWidth,
          quantity: 'p_{T} (GeV)',
          columns: options.width < 500 ? 1 : 3,
        })
      }
      of={[cleaned, jet]}
    />
  );
}

const NAMES = { mass: 'mass', pt: 'p_{T}' } as const;

function Response({
  cleaned,
  quantity,
  range,
}: {
  readonly cleaned: CleanedJets;
  readonly quantity: 'mass' | 'pt';
  readonly range: readonly [number, number];
}) {
  const { before, after, truth } = cleaned;
  const responses = (of: NeutralImages): Float64Array =>
    of[quantity].map((value, i) => value / truth[quantity][i]).filter((response) => Number.isFinite(response));
  return (
    <Figure
      name={`response-${quantity}`}
      heading={quantity === 'mass' ? 'Response of the mass' : 'Response of the transverse momentum'}
      caption="Over what the jet has with its true neutral momenta."
      draw={(plots, options) =>
        plots.histogram(
          [
            { name: 'measured', values: responses(before) },
            { name: 'cleaned', values: responses(after) },
          ],
          { ...options, label: `${NAMES[quantity]} / true ${NAMES[quantity]}`, range, bins: 40 },
        )
      }
      of={[cleaned]}
    />
  );
}

/** What the network makes of the jets; a new choice stops the work on the old one. */
function useCleaned(model: string | undefined, file: File | undefined): Work {
  const worker = useRef<Remote<Cleaning> | undefined>(undefined);
  const [work, set] = useState<Work>({});
  useEffect(() => () => worker.current?.end(), []);
  useEffect(() => {
    if (model === undefined) return;
    worker.current ??= connect<Cleaning>(
      new Worker(new URL('../work/pileUp.worker.ts', import.meta.url), { type: 'module' }),
    );
    const abort = new AbortController();
    const tell = (next: Work): void => {
      if (!abort.signal.aborted) set(next);
    };
    set(({ cleaned }) => ({ ...(cleaned && { cleaned }), progress: { done: 0, total: undefined } }));
    const input = { file: file ?? siteFile(SAMPLE), model: siteFile(`models/${model}/model.onnx`) };
    worker.current
      .call('clean', input, {
        signal: abort.signal,
        onProgress: (progress) => {
          if (!abort.signal.aborted) set(({ cleaned }) => ({ ...(cleaned && { cleaned }), progress }));
        },
      })
      .then(
        (cleaned) => tell({ cleaned }),
        (error: unknown) => tell({ problem: problemOf(error) }),
      );
    return () => abort.abort();
  }, [model, file]);
  return work;
}
