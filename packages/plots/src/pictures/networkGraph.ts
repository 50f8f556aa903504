/** @file A network as boxes and lines. */
import { Graph, layout } from '@dagrejs/dagre';
import { checkSome } from '../parts/check.js';
import { brush, sheet } from '../parts/figure.js';
import { formatCount } from '../parts/formatNumber.js';
import type { PlotOptions } from '../parts/style.js';
import { element, px, shorten, textWidth } from '../parts/svg.js';

/** A layer, or an operator of a graph. */
export interface NetworkLayer {
  readonly name: string;
  readonly kind: string;
  /** of what it makes of one jet; undefined, or a length, where it is not known */
  readonly shape: readonly (number | undefined)[] | undefined;
  readonly parameters: number;
  readonly activation?: string;
  /** layers that it reads, by their place in the list; empty for those that read the jets */
  readonly inputs: readonly number[];
}

/** What changes numbers one by one, or only how they are written: it stands in the box of the layer in front of it. */
const QUIET =
  /^(Activation.*|.*Dropout\w*|.*Normalization|.*ReLU|ELU|Relu|Sigmoid|Softmax|Tanh|LRN|Flatten|Reshape|Transpose|Identity|Cast)$/;

interface Box {
  readonly name: string;
  readonly kinds: string[];
  shape: NetworkLayer['shape'];
  parameters: number;
  /** places of boxes */
  readonly inputs: readonly number[];
}

/** Layers with what follows them one by one in the same box. */
function boxesOf(layers: readonly NetworkLayer[]): readonly Box[] {
  const readers = layers.map(() => 0);
  for (const { inputs } of layers) for (const at of inputs) readers[at]++;
  const boxes: Box[] = [];
  const boxOf: number[] = [];
  layers.forEach(({ name, kind, shape, parameters, activation, inputs }, i) => {
    const kinds = activation === undefined ? [kind] : [kind, activation];
    const [before] = inputs;
    if (inputs.length === 1 && readers[before] === 1 && QUIET.test(kind)) {
      const box = boxes[boxOf[before]];
      box.kinds.push(...kinds);
      box.parameters += parameters;
      box.shape = shape;
      boxOf[i] = boxOf[before];
    } else boxOf[i] = boxes.push({ name, kinds, shape, parameters, inputs: inputs.map((at) => boxOf[at]) }) - 1;
  });
  return boxes;
}

const [SIZE, PADDING, LINE] = [11, 7, 14];
const WIDEST = 230;

/** Texts of a box: its name, what it does, what comes out and its parameters. */
function linesOf({ name, kinds, shape, parameters }: Box): readonly string[] {
  const size = shape?.map((length) => length ?? '?').join(' × ');
  const facts = [size, parameters > 0 ? `${formatCount(parameters)} parameters` : undefined];
  return [name, kinds.join(', '), facts.filter((fact) => fact !== undefined && fact !== '').join('; ')];
}

/**
 * Draws a network from top to bottom: a box a layer with its output and parameters, normalisations, activations and dropout in
 * the box of the layer in front of them, and a line for everything that is read, shortcuts and branches too.
 *
 * @param layers each after those that it reads
 * @returns SVG, as large as the network needs
 * @throws {JetError} BAD_ARGUMENT without a layer
 */
export function networkGraph(
  layers: readonly NetworkLayer[],
  options: PlotOptions & { readonly title?: string } = {},
): string {
  checkSome('networkGraph', 'layers', layers.length);
  const tools = brush(options);
  const { document, palette } = tools;
  const boxes = boxesOf(layers);
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 22, edgesep: 10, marginx: 10, marginy: 10 });
  graph.setDefaultEdgeLabel(() => ({}));
  const texts = boxes.map((box) => linesOf(box).map((line) => shorten(line, WIDEST, SIZE)));
  texts.forEach((lines, i) => {
    const width = Math.max(...lines.map((line) => textWidth(line, SIZE))) + 2 * PADDING;
    graph.setNode(String(i), { width, height: lines.length * LINE + PADDING });
  });
  boxes.forEach(({ inputs }, i) => {
    for (const from of inputs) graph.setEdge(String(from), String(i));
  });
  layout(graph);
  const root = element(document, 'svg', { overflow: 'visible' });
  for (const edge of graph.edges()) {
    const { points } = graph.edge(edge);
    root.appendChild(
      element(document, 'path', { d: curve(points), fill: 'none', stroke: palette.muted, 'stroke-width': 1.3 }),
    );
  }
  texts.forEach((lines, i) => {
    const { x, y, width, height } = graph.node(String(i));
    const weighs = boxes[i].parameters > 0;
    root.appendChild(
      element(document, 'rect', {
        x: x - width / 2,
        y: y - height / 2,
        width,
        height,
        rx: 4,
        fill: palette.paper,
        stroke: weighs ? palette.series[0] : palette.muted,
        'stroke-width': weighs ? 1.6 : 1,
      }),
    );
    lines.forEach((line, row) => {
      root.appendChild(
        element(
          document,
          'text',
          {
            x,
            y: y - height / 2 + PADDING / 2 + (row + 0.8) * LINE,
            'text-anchor': 'middle',
            'font-size': SIZE,
            'font-weight': row === 0 ? 650 : undefined,
            fill: row === 0 ? palette.ink : palette.muted,
          },
          line,
        ),
      );
    });
  });
  const { width = 0, height = 0 } = graph.graph();
  const [wide, high] = [Math.ceil(width), Math.ceil(height)];
  root.setAttribute('width', String(wide));
  root.setAttribute('height', String(high));
  const title = options.title ?? 'A network';
  const description = `${boxes.length} boxes from ${boxes[0].name} to ${boxes[boxes.length - 1].name}`;
  return sheet(
    { name: 'network', width: wide, height: high, title, description, parts: [{ node: root, x: 0, y: 0 }] },
    options,
    tools,
  );
}

/** A smooth line through points from top to bottom. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...others] = points;
  let path = `M${px(first.x)},${px(first.y)}`;
  let before = first;
  for (const point of others) {
    const middle = px((before.y + point.y) / 2);
    path += `C${px(before.x)},${middle} ${px(point.x)},${middle} ${px(point.x)},${px(point.y)}`;
    before = point;
  }
  return path;
}
