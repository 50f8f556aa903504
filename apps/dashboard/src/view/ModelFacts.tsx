/** @file What is known of a tagger, and how it ran. */
import { learnedParameters, type ModelCard, meanText } from '@jetsdk/jets';
import * as format from '../format.js';
import type { Model, Scored } from '../state.js';

export function ModelFacts({ model, card }: { readonly model: Model; readonly card: ModelCard | undefined }) {
  const parameters = card && learnedParameters(card);
  return (
    <dl>
      <Fact label="Input" value={card?.input.shape.join(' × ')} />
      <Fact label="Recipe" value={card?.recipe?.name} />
      <Fact label="Parameters" value={parameters === undefined ? undefined : format.count(parameters)} />
      <Fact label="Mean of" value={card?.mean && meanText(card.mean)} />
      <Fact label="File" value={format.bytes(model.bytes)} />
      <Fact
        label="Trained on"
        value={card?.training && `${card.training.dataset}, ${format.plural(card.training.trainJets, 'jet')}`}
      />
      {card?.metrics?.map(({ dataset, signal, background, auc, aucStdErr }) => (
        <Fact
          key={dataset}
          label={`AUC on ${format.plural(signal + background, 'test jet')}`}
          value={`${format.share(auc)}${aucStdErr === undefined ? '' : ` ± ${format.share(aucStdErr)}`}, ${dataset}`}
        />
      ))}
      <Fact label="Licence" value={card && (card.licence ?? 'not stated')} />
    </dl>
  );
}

export function ranOn({ scores, seconds, loaded }: Scored): string {
  const { device, runtime, threads, selfTest } = loaded;
  const rate = format.count(Math.round(scores.length / seconds));
  const agreement =
    selfTest === undefined
      ? ''
      : `; differs from ${selfTest.reference} by ${selfTest.maxAbsDifference.toExponential(0)} at most`;
  const engine = device === 'wasm' ? `WebAssembly, ${format.plural(threads, 'thread')}` : 'WebGPU';
  return `${format.plural(scores.length, 'jet')} at ${rate} jets/s on ${engine} (${runtime})${agreement}.`;
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
