import { type GeneratorCard, JetError } from '@jetsdk/jets';
import { NOISE_INPUT } from '../protocol/keys.js';
import type { Session } from '../runtime/runtime.js';

/** @throws {JetError} BAD_MODEL if the card names other inputs or outputs than the graph has */
export function requirePorts(name: string, card: GeneratorCard, session: Pick<Session, 'inputs' | 'outputs'>): void {
  const text = (ports: readonly (readonly [string, readonly (number | undefined)[]])[]): string =>
    ports
      .map(([port, shape]) => `${port} (${shape.map((size) => size ?? '?').join(', ')})`)
      .sort()
      .join(', ');
  const graph = (ports: Session['inputs']): string => text(ports.map((port) => [port.name, port.shape.slice(1)]));
  const said = [
    text([[NOISE_INPUT, [card.noise]], ...card.conditions.map((one) => [one.name, [1]] as const)]),
    text(card.outputs.map((one) => [one.name, one.shape])),
  ];
  const found = [graph(session.inputs), graph(session.outputs)];
  said.forEach((ports, i) => {
    if (ports !== found[i])
      throw new JetError(
        'BAD_MODEL',
        `${name}: the card contradicts the graph: ${i === 0 ? 'inputs' : 'outputs'} are ${ports} in the card, ${found[i]} in the graph; expected the same; export it again`,
      );
  });
}
