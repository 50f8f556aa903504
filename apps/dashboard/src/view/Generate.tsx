/** @file Showers and jets, made before one's eyes. */
import type { Condition } from '@jetsdk/jets';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as format from '../format.js';
import { siteFile } from '../siteFile.js';
import type { Asked, Made } from '../work/generation.js';
import type { Generation } from '../work/generation.worker.js';
import { connect, type Remote } from '../work/rpc.js';
import { Figure } from './Figure.js';
import { ModelPicker, type Problem, ProblemNote, problemOf, useSiteModels } from './SiteModel.js';

/** Noises that the slider goes over. */
const NOISES = 200;
/** MeV and GeV: one scale while energy and noise are moved */
const CELL_DOMAIN = [0.1, 2e4] as const;
const PIXEL_DOMAIN = [0.05, 300] as const;
const CLASSES = ['QCD jet', 'W jet'];

interface Work {
  readonly made?: Made;
  readonly problem?: Problem;
}

export function Generate() {
  const models = useSiteModels('generators');
  const [model, setModel] = useState<string>();
  const [asked, setAsked] = useState<Asked>({ seed: 1, conditions: {} });
  const chosen = model ?? models[0];
  const { made, problem } = useMade(chosen, asked);
  return (
    <section aria-labelledby="generate">
      <h1 id="generate">Make showers and jets</h1>
      <p class="lead">
        A network carries noise to the cells of a calorimeter or to the image of a jet, in this browser. The same noise
        at another energy is the same shower at another energy.
      </p>
      <div class="data-line">
        <ModelPicker
          names={models}
          chosen={chosen}
          onChoice={(name) => {
            setAsked({ ...asked, conditions: {} });
            setModel(name);
          }}
        />
      </div>
      <ProblemNote problem={problem} />
      {made !== undefined && (
        <>
          {made.card.conditions.map((condition) => (
            <ConditionSlider
              key={condition.name}
              condition={condition}
              value={asked.conditions[condition.name] ?? made.asked.conditions[condition.name]}
              onValue={(value) => setAsked({ ...asked, conditions: { ...asked.conditions, [condition.name]: value } })}
            />
          ))}
          <label class="jet-slider">
            Noise {asked.seed}{' '}
            <input
              type="range"
              min={1}
              max={NOISES}
              value={asked.seed}
              onInput={({ currentTarget }) => setAsked({ ...asked, seed: currentTarget.valueAsNumber })}
            />
          </label>
          <Picture made={made} />
        </>
      )}
    </section>
  );
}

function ConditionSlider({
  condition: { name, unit = '', range, whole },
  value,
  onValue,
}: {
  readonly condition: Condition;
  readonly value: number;
  onValue(value: number): void;
}) {
  return (
    <label class="jet-slider">
      {whole ? (CLASSES[value] ?? `${name} ${value}`) : `${name} ${value} ${unit}`}{' '}
      <input
        type="range"
        min={range[0]}
        max={range[1]}
        step={1}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.valueAsNumber)}
      />
    </label>
  );
}

function Picture({ made }: { readonly made: Made }) {
  const { card, asked, outputs, milliseconds } = made;
  const images = card.outputs.map(({ name, shape: [x, y] }) => ({
    title: name.replace('_', ' '),
    shape: [x, y] as const,
    pixels: outputs[name].data,
  }));
  const shower = images.length > 1;
  const sums = images.map(({ pixels }) => pixels.reduce((sum, one) => sum + one, 0));
  const total = sums.reduce((a, b) => a + b, 0);
  const said = card.conditions.map(({ name, unit }) => [name, asked.conditions[name], unit ?? []].flat().join(' '));
  const whole = (value: number): string => format.count(Math.round(value));
  const parts = images.map(({ title }, i) => `${whole(sums[i]!)} in ${title}`);
  return (
    <Figure
      name={`generated-${card.name}-${asked.seed}`}
      heading={shower ? 'One shower' : 'One jet'}
      widest={shower ? 1100 : 620}
      caption={`${said.join(', ')}, noise ${asked.seed}: ${whole(total)} ${card.outputs[0].unit}${shower ? `, ${parts.join(', ')}` : ' in the image'}; made in ${whole(milliseconds)} ms.`}
      draw={(plots, options) =>
        plots.jetImageGrid(images, {
          ...options,
          halfWidth: shower ? 240 : 1.25,
          ...(shower && { labels: ['x (mm)', 'y (mm)'] as const }),
          quantity: shower ? 'Energy (MeV)' : 'p_{T} (GeV)',
          domain: shower ? CELL_DOMAIN : PIXEL_DOMAIN,
          columns: options.width < 500 ? 1 : images.length,
        })
      }
      of={[made]}
    />
  );
}

/** The last shower or jet that was made; while one is being made, only the newest wish waits. */
function useMade(model: string | undefined, asked: Asked): Work {
  const worker = useRef<Remote<Generation> | undefined>(undefined);
  const wish = useRef<{ readonly model: string; readonly asked: Asked } | undefined>(undefined);
  const busy = useRef(false);
  const [work, set] = useState<Work>({});
  useEffect(() => () => worker.current?.end(), []);
  useEffect(() => {
    if (model === undefined) return;
    wish.current = { model, asked };
    if (busy.current) return;
    worker.current ??= connect<Generation>(
      new Worker(new URL('../work/generation.worker.ts', import.meta.url), { type: 'module' }),
    );
    busy.current = true;
    void makeWishes(worker.current, wish, set).finally(() => {
      busy.current = false;
    });
  }, [model, asked]);
  return work;
}

async function makeWishes(
  worker: Remote<Generation>,
  wish: { current: { readonly model: string; readonly asked: Asked } | undefined },
  set: (work: Work) => void,
): Promise<void> {
  while (wish.current !== undefined) {
    const { model, asked } = wish.current;
    wish.current = undefined;
    await worker.call('make', { ...asked, model: siteFile(`models/${model}/model.onnx`) }).then(
      (made) => set({ made }),
      (error: unknown) => set({ problem: problemOf(error) }),
    );
  }
}
