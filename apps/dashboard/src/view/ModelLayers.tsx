/** @file What the network of a tagger is made of. */
import { useState } from 'preact/hooks';
import { layersOf } from '../actions.js';
import * as format from '../format.js';
import type { Model } from '../state.js';
import type { Layers } from '../work/networkFile.js';
import { Drawing } from './Drawing.js';
import { Scroll } from './Scroll.js';

/** The layers, with their drawing. */
type Shown = Layers & { readonly drawing: string };

export function ModelLayers({ model }: { readonly model: Model }) {
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const [state, setState] = useState<'asked' | { readonly problem: string } | undefined>(undefined);
  const show = async (): Promise<void> => {
    setState('asked');
    try {
      const [layers, { networkGraph }] = await Promise.all([layersOf(model), import('@jetsdk/plots/network')]);
      setShown({ ...layers, drawing: networkGraph(layers.layers, { title: model.id }) });
    } catch (error) {
      setState({ problem: error instanceof Error ? error.message : String(error) });
    }
  };
  if (shown !== undefined) return <LayerTable id={model.id} {...shown} />;
  return (
    <>
      <button type="button" class="quiet" disabled={state === 'asked'} onClick={() => void show()}>
        {state === 'asked' ? 'Reading the model …' : 'Show its layers'}
      </button>
      {typeof state === 'object' && (
        <p class="failed" role="alert">
          {state.problem}
        </p>
      )}
    </>
  );
}

function LayerTable({ id, layers, costs, drawing }: Shown & { readonly id: string }) {
  return (
    <>
      <ul class="muted">
        {costs.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Scroll label={`Layers of ${id}`}>
        <table class="layers">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Operator</th>
              <th scope="col">Output</th>
              <th scope="col">Parameters</th>
              <th scope="col">Activation</th>
            </tr>
          </thead>
          <tbody>
            {layers.map(({ name, kind, shape, parameters, activation }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{kind}</td>
                <td>{shape === undefined ? '?' : shape.map((length) => length ?? '?').join(' × ') || '1'}</td>
                <td>{parameters === 0 ? '' : format.count(parameters)}</td>
                <td>{activation ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Scroll label={`Drawing of ${id}`}>
        <Drawing svg={drawing} />
      </Scroll>
    </>
  );
}
