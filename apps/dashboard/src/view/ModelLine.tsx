/** @file A tagger as a line, which opens. */
import { useState } from 'preact/hooks';
import { lead, toggleModel } from '../actions.js';
import { saveScores } from '../download.js';
import { obstacle, otherTask } from '../fitting.js';
import * as format from '../format.js';
import { type Model, usePage } from '../state.js';
import { ModelFacts, ranOn } from './ModelFacts.js';
import { ModelForm } from './ModelForm.js';
import { ModelLayers } from './ModelLayers.js';

export function ModelLine({ model }: { readonly model: Model }) {
  const { data, chosen, scored, failed, registry } = usePage();
  const { id, card } = model;
  const [open, setOpen] = useState(model.facts !== undefined && card === undefined);
  const isChosen = chosen.includes(id);
  const ran = scored[id];
  const problem = data === undefined ? undefined : obstacle(model, data);
  const leading = registry.find((one) => one.id === chosen[0]);
  const remark = data && problem === undefined ? otherTask(card, data, leading?.card) : undefined;
  const failure = failed[id];
  const about = `about-${id}`;
  return (
    <li class={`model${isChosen && problem === undefined ? ' chosen' : ''}${problem === undefined ? '' : ' unfit'}`}>
      <div class="model-line">
        <label class="model-head">
          <input
            type="checkbox"
            checked={isChosen && problem === undefined}
            disabled={problem !== undefined}
            onChange={() => toggleModel(id)}
          />
          <strong>{id}</strong>
          <span class="muted">{card?.task ?? 'no card'}</span>
        </label>
        {isChosen && ran !== undefined && (
          <div class="tools">
            {chosen.length > 1 && (
              <button
                type="button"
                class="quiet"
                aria-pressed={leading === model}
                disabled={leading === model}
                onClick={() => lead(id)}
              >
                {leading === model ? 'The cut is on this score' : 'Cut on this score'}
              </button>
            )}
            <button
              type="button"
              class="quiet"
              aria-label={`Save scores.npy of ${id}`}
              onClick={() => saveScores(id, ran.scores)}
            >
              scores.npy
            </button>
          </div>
        )}
        <span class="muted model-size">{worth(model)}</span>
        <button
          type="button"
          class="quiet"
          aria-expanded={open}
          aria-controls={about}
          aria-label={`${open ? 'Less' : 'More'} about ${id}`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Less' : 'More'}
        </button>
      </div>
      {problem !== undefined && <p class="model-say">{problem}</p>}
      {remark !== undefined && <p class="model-say remark">{remark}</p>}
      {failure !== undefined && (
        <p class="model-say failed" role="alert">
          {failure}
        </p>
      )}
      {ran !== undefined && <p class="model-say">{ranOn(ran)}</p>}
      {ran?.warnings.map((warning) => (
        <p key={warning} class="model-say remark">
          {warning}
        </p>
      ))}
      <div id={about} class="model-about" hidden={!open}>
        {open && (
          <>
            {model.facts !== undefined && card === undefined && <ModelForm model={model} />}
            <ModelFacts model={model} card={card} />
            <ModelLayers model={model} />
          </>
        )}
      </div>
    </li>
  );
}

/** What a tagger is worth and weighs, in a few characters. */
function worth({ card, bytes }: Model): string {
  const auc = card?.metrics?.[0]?.auc;
  return `${auc === undefined ? '' : `AUC ${auc.toFixed(3)}, `}${format.bytes(bytes)}`;
}
