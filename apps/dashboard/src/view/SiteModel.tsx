/** @file The networks of the site for one task: which there are, which is chosen, and what went wrong with it. */
import { isJetError } from '@jetsdk/jets';
import { useEffect, useState } from 'preact/hooks';
import { siteFile } from '../siteFile.js';

/** Names of the networks of a task, the best first. */
export function useSiteModels(task: 'generators' | 'regressors'): readonly string[] {
  const [names, set] = useState<readonly string[]>([]);
  useEffect(() => {
    void fetch(siteFile(`models/${task}.json`))
      .then(async (answer) => set(((await answer.json()) as { readonly id: string }[]).map(({ id }) => id)))
      .catch(() => set([]));
  }, [task]);
  return names;
}

export function ModelPicker({
  names,
  chosen,
  onChoice,
}: {
  readonly names: readonly string[];
  readonly chosen: string | undefined;
  onChoice(name: string): void;
}) {
  return (
    <label>
      Network{' '}
      <select value={chosen} onChange={({ currentTarget }) => onChoice(currentTarget.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What went wrong. */
export interface Problem {
  readonly code: string | undefined;
  readonly message: string;
}

export function problemOf(error: unknown): Problem {
  return isJetError(error) ? { code: error.code, message: error.message } : { code: undefined, message: String(error) };
}

export function ProblemNote({ problem }: { readonly problem: Problem | undefined }) {
  if (problem === undefined) return null;
  return (
    <div class="failure" role="alert">
      <p>
        {problem.code !== undefined && <code>{problem.code}</code>} {problem.message}
      </p>
    </div>
  );
}
