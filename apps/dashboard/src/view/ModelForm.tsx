/** @file What has to be said of a model without a card. */
import type { ModelHints } from '@jetsdk/infer';
import { namedRecipe, recipeNames } from '@jetsdk/jets';
import { describeModel } from '../actions.js';
import { columnsOf, hasChannels, mayBeConstituents, recipeObstacle, scoredOutput } from '../fitting.js';
import { type Model, usePage } from '../state.js';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly (readonly [T, string])[];
  /** what stands there while nothing is said */
  readonly unsaid: string;
  readonly onChoice: (value: T | undefined) => void;
}

function Choice<T extends string>({ label, value, options, unsaid, onChoice }: ChoiceProps<T>) {
  return (
    <label>
      {label}
      <select value={value ?? ''} onChange={({ currentTarget }) => onChoice((currentTarget.value || undefined) as T)}>
        <option value="">{unsaid}</option>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

const KINDS = [
  ['score', 'probability of signal'],
  ['logit', 'its logit'],
  ['probabilities', 'probabilities of all classes'],
  ['logits', 'logits of all classes'],
] as const;

export function ModelForm({ model }: { readonly model: Model }) {
  const { data, job } = usePage();
  const { id, facts, hints } = model;
  if (facts === undefined || data === undefined) return null;
  const say = (more: { readonly [K in keyof ModelHints]: ModelHints[K] | undefined }): void => {
    const said = Object.entries({ ...hints, ...more }).filter(([, value]) => value !== undefined);
    describeModel(id, Object.fromEntries(said) as ModelHints);
  };
  const outputs = facts.outputs.filter(({ numbers }) => numbers);
  const output = scoredOutput(facts, hints);
  const columns = (output && columnsOf(output)) ?? 1;
  const takesImages = hints.inputKind !== 'constituents';
  const fitting = recipeNames.filter((name) => recipeObstacle(namedRecipe(name), data) === undefined);
  return (
    <fieldset class="model-form" disabled={job !== undefined}>
      <legend>This model has no card. Say what its file does not:</legend>
      {mayBeConstituents(facts) && (
        <Choice
          label="It takes"
          value={hints.inputKind}
          unsaid="images"
          options={[['constituents', 'constituents (E, px, py, pz)']]}
          onChoice={(inputKind) => say({ inputKind, recipe: undefined })}
        />
      )}
      {takesImages && data.kind === 'constituents' && (
        <Choice
          label="Recipe"
          value={hints.recipe?.name}
          unsaid="not said"
          options={fitting.map((name) => [name, name])}
          onChoice={(name) => say({ recipe: name === undefined ? undefined : namedRecipe(name) })}
        />
      )}
      {takesImages && hasChannels(facts) && (
        <Choice
          label="Layout"
          value={hints.layout}
          unsaid="found out"
          options={[
            ['NCHW', 'channels first'],
            ['NHWC', 'channels last'],
          ]}
          onChoice={(layout) => say({ layout })}
        />
      )}
      {outputs.length > 1 && (
        <Choice
          label="Output"
          value={hints.output}
          unsaid="not said"
          options={outputs.map(({ name }) => [name, name])}
          onChoice={(name) => say({ output: name, signalColumn: undefined })}
        />
      )}
      <Choice
        label="Its output holds"
        value={hints.outputKind}
        unsaid="found out"
        options={KINDS}
        onChoice={(outputKind) => say({ outputKind })}
      />
      {columns > 1 && (
        <Choice
          label="Column of the signal"
          value={hints.signalColumn?.toString()}
          unsaid={columns === 2 ? '1' : 'not said'}
          options={Array.from({ length: columns }, (_, i) => [String(i), String(i)] as const)}
          onChoice={(column) => say({ signalColumn: column === undefined ? undefined : Number(column) })}
        />
      )}
    </fieldset>
  );
}
