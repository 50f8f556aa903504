/** @file The taggers: their cards, which are chosen, and what they run on. */
import { addModels, chooseDevice, scoreAndShow, waitingOf } from '../actions.js';
import * as format from '../format.js';
import { usePage } from '../state.js';
import { Drop } from './Drop.js';
import { Failure } from './Failure.js';
import { ModelLine } from './ModelLine.js';

export function Taggers() {
  const state = usePage();
  const { registry, scored, device, noWebgpu, job } = state;
  const waiting = waitingOf(state);
  const done = waiting.length === 0 && Object.keys(scored).length > 0;
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
          onClick={() => void scoreAndShow()}
        >
          {done ? 'Scored' : `Score with ${format.plural(waiting.length, 'tagger')}`}
        </button>
      </div>
      {noWebgpu !== undefined && <p class="note">{noWebgpu} Taggers run on WebAssembly.</p>}
      <Failure where="taggers" />
      <ul class="card models">
        {registry.map((model) => (
          <ModelLine key={model.id} model={model} />
        ))}
        <li class="model-drop">
          <Drop
            label="Add a model"
            accept=".onnx"
            multiple
            onFiles={(files) => void addModels(files.map(({ file }) => file))}
          >
            <p class="drop-text">Drop an ONNX file here</p>
          </Drop>
        </li>
      </ul>
    </section>
  );
}
