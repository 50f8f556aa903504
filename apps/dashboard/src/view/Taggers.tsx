/** @file The taggers: their cards, which are chosen, and what they run on. */
import { addModels, chooseDevice, lead, scoreJets, toggleModel } from '../actions.js';
import { saveScores } from '../download.js';
import * as format from '../format.js';
import { type Model, type Scored, usePage } from '../state.js';
import { Drop } from './Drop.js';
import { Failure } from './Failure.js';

export function Taggers() {
  const { registry, chosen, scored, device, noWebgpu, job } = usePage();
  const waiting = chosen.filter((id) => scored[id] === undefined);
  return (
    <section aria-labelledby="taggers">
      <div class="section-head">
        <h2 id="taggers">Taggers</h2>
        <fieldset class="choice">
          <legend>Device</legend>
          {(['wasm', 'webgpu'] as const).map((one) => (
            <label key={one} title={one === 'webgpu' ? noWebgpu : undefined}>
              <input
                type="radio"
                name="device"
                value={one}
                checked={device === one}
                disabled={job !== undefined || (one === 'webgpu' && noWebgpu !== undefined)}
                onChange={() => chooseDevice(one)}
              />
              <span>{one === 'wasm' ? 'WebAssembly' : 'WebGPU'}</span>
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          class="primary"
          disabled={job !== undefined || waiting.length === 0}
          onClick={() => void scoreJets()}
        >
          {waiting.length === 0 && chosen.length > 0
            ? 'Scored'
            : `Score with ${format.plural(waiting.length, 'tagger')}`}
        </button>
      </div>
      {noWebgpu !== undefined && <p class="note">{noWebgpu} Taggers run on WebAssembly.</p>}
      <Failure where="taggers" />
      <ul class="models">
        {registry.map((model) => (
          <ModelCard key={model.id} model={model} chosen={chosen.includes(model.id)} scored={scored[model.id]} />
        ))}
        <li class="card model-drop">
          <Drop
            label="Add a model"
            accept=".onnx"
            multiple
            onFiles={(files) => addModels(files.map(({ file }) => file))}
          >
            <p class="drop-text">Drop an ONNX file here</p>
          </Drop>
        </li>
      </ul>
    </section>
  );
}

interface ModelCardProps {
  readonly model: Model;
  readonly chosen: boolean;
  readonly scored: Scored | undefined;
}

function ModelCard({ model, chosen, scored }: ModelCardProps) {
  const { id, bytes } = model;
  const card = scored?.loaded.card ?? model.card;
  const { chosen: order } = usePage();
  const leads = order[0] === id;
  return (
    <li class={`card model${chosen ? ' chosen' : ''}`}>
      <label class="model-head">
        <input type="checkbox" checked={chosen} onChange={() => toggleModel(id)} />
        <strong>{id}</strong>
        <span class="muted">{card === undefined ? withoutCard(scored) : card.task}</span>
      </label>
      <dl>
        <Fact label="Input" value={card?.input.shape.join(' × ')} />
        <Fact label="Recipe" value={card?.recipe?.name} />
        <Fact label="Parameters" value={card?.training && format.count(card.training.parameters)} />
        <Fact label="File" value={format.bytes(bytes)} />
        <Fact
          label="Trained on"
          value={card?.training && `${card.training.dataset}, ${format.plural(card.training.trainJets, 'jet')}`}
        />
        {card?.metrics?.map(({ dataset, auc, aucStdErr }) => (
          <Fact
            key={dataset}
            label={`AUC on ${dataset}`}
            value={`${format.share(auc)}${aucStdErr === undefined ? '' : ` ± ${format.share(aucStdErr)}`}`}
          />
        ))}
        <Fact label="Licence" value={card && (card.licence ?? 'not stated')} />
      </dl>
      {scored !== undefined && (
        <div class="ran">
          <p>{ranOn(scored)}</p>
          <div class="tools">
            {chosen && order.length > 1 && (
              <button type="button" class="quiet" aria-pressed={leads} disabled={leads} onClick={() => lead(id)}>
                {leads ? 'The cut is on this score' : 'Cut on this score'}
              </button>
            )}
            <button
              type="button"
              class="quiet"
              aria-label={`Save scores.npy of ${id}`}
              onClick={() => saveScores(id, scored.scores)}
            >
              scores.npy
            </button>
          </div>
        </div>
      )}
    </li>
  );
}

const withoutCard = (scored: Scored | undefined): string =>
  scored === undefined ? 'its card is read when it is loaded' : 'no card';

function ranOn({ scores, seconds, loaded }: Scored): string {
  const { device, runtime, threads, selfTest } = loaded;
  const rate = format.count(Math.round(scores.length / seconds));
  const agreement =
    selfTest === undefined
      ? ''
      : `; differs from ${selfTest.reference} by ${selfTest.maxAbsDifference.toExponential(0)} at most`;
  const engine = device === 'wasm' ? `WebAssembly, ${format.plural(threads, 'thread')}` : 'WebGPU';
  return `${format.count(scores.length)} jets at ${rate} jets/s on ${engine} (${runtime})${agreement}.`;
}

function Fact({ label, value }: { readonly label: string; readonly value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
