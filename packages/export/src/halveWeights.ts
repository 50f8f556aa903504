import { halfBits, JetError } from '@jetsdk/jets';
import { floatsOf, type Graph, type Initializer, int, type Node } from '@jetsdk/onnx';

/** The largest half. */
const LARGEST = 65504;

/** Constants shorter than this stay float32: they save nothing. */
const SHORTEST = 16;

/**
 * Stores float32 constants as float16, each with a Cast to float32 behind it: half the file, the same arithmetic.
 *
 * @throws {JetError} OUT_OF_RANGE if a weight is larger than 65504, the largest half
 */
export function halveWeights(graph: Graph): Graph {
  const casts: Node[] = [];
  const initializers = graph.initializers.map((tensor): Initializer => {
    if (tensor.type !== 'float32' || tensor.data.byteLength / 4 < SHORTEST) return tensor;
    const name = `${tensor.name}/float16`;
    const halves = Uint16Array.from(floatsOf(tensor), (value) => {
      if (Math.abs(value) > LARGEST)
        throw new JetError(
          'OUT_OF_RANGE',
          `${tensor.name}: weight ${value}; float16 holds at most ${LARGEST}; use float32`,
          {
            tensor: tensor.name,
            value,
          },
        );
      return halfBits(value);
    });
    casts.push({
      name: `${tensor.name}/Cast`,
      opType: 'Cast',
      inputs: [name],
      outputs: [tensor.name],
      attributes: { to: int(1) },
    });
    return { name, type: 'float16', dims: tensor.dims, data: new Uint8Array(halves.buffer) };
  });
  return { ...graph, initializers, nodes: [...casts, ...graph.nodes] };
}
