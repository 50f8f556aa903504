// What a case does to a seed: bytes, numbers in them, pieces of other seeds; values and keys of JSON.

/** Values at which parsers go wrong. */
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/**
 * A damaged copy of a file.
 *
 * @param {import('@jetsdk/jets').Random} random
 * @param {Uint8Array} seed
 * @param {Uint8Array} other another seed of the same format, to take pieces from
 * @returns {Uint8Array}
 */
export function mutateBytes(random, seed, other) {
  let bytes = seed.slice();
  const rounds = 1 + random.integer(4);
  for (let i = 0; i < rounds && bytes.length > 0; i++) bytes = damage(random, bytes, other);
  return bytes;
}

function damage(random, bytes, other) {
  // headers and footers hold the structure: half of the damage is done there
  const place = () => {
    const edge = Math.min(bytes.length, 256);
    const kind = random.integer(4);
    if (kind === 0) return random.integer(edge);
    if (kind === 1) return bytes.length - 1 - random.integer(edge);
    return random.integer(bytes.length);
  };
  const at = place();
  const view = new DataView(bytes.buffer);
  switch (random.integer(10)) {
    case 0:
      bytes[at] ^= 1 << random.integer(8);
      return bytes;
    case 1:
      bytes[at] = random.integer(256);
      return bytes;
    case 2:
      bytes[at] = EDGES[random.integer(8)];
      return bytes;
    case 3:
      if (at + 4 <= bytes.length) view.setUint32(at, EDGES[random.integer(EDGES.length)], random.integer(2) === 0);
      return bytes;
    case 4:
      if (at + 8 <= bytes.length)
        view.setBigInt64(at, BigInt.asIntN(64, (1n << BigInt(random.integer(64))) - 1n), true);
      return bytes;
    case 5:
      if (at + 4 <= bytes.length) view.setUint32(at, view.getUint32(at, true) + random.integer(9) - 4, true);
      return bytes;
    case 6:
      return bytes.subarray(0, at).slice();
    case 7: {
      const length = 1 + random.integer(Math.min(64, bytes.length - at));
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    }
    case 8: {
      const length = 1 + random.integer(Math.min(64, bytes.length - at));
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    }
    default: {
      const from = random.integer(other.length);
      const length = 1 + random.integer(Math.min(64, other.length - from, bytes.length - at));
      bytes.set(other.subarray(from, from + length), at);
      return bytes;
    }
  }
}

function joined(a, b) {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/**
 * A changed copy of a JSON value.
 *
 * @param {import('@jetsdk/jets').Random} random
 * @param {unknown} seed
 * @returns {string} the text of it
 */
export function mutateJson(random, seed) {
  let value = structuredClone(seed);
  const rounds = 1 + random.integer(3);
  for (let i = 0; i < rounds; i++) value = change(random, value);
  return print(value);
}

/** Stands in a value for what `JSON.stringify` cannot print. */
class Raw {
  constructor(text) {
    this.text = text;
  }
}

function change(random, root) {
  const places = [];
  const collect = (holder) => {
    if (typeof holder !== 'object' || holder === null || holder instanceof Raw) return;
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      collect(holder[key]);
    }
  };
  collect(root);
  if (places.length === 0 || random.integer(50) === 0) return strange(random);
  const [holder, key] = places[random.integer(places.length)];
  const list = Array.isArray(holder);
  switch (random.integer(6)) {
    case 0:
      if (list) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      if (list) holder.push(strange(random));
      else
        holder[['__proto__x', 'constructor', 'toString', key.toUpperCase(), 'x'.repeat(500)][random.integer(5)]] =
          strange(random);
      break;
    case 2:
      if (typeof holder[key] === 'number') holder[key] = number(random, holder[key]);
      else holder[key] = strange(random);
      break;
    case 3: {
      const [from, name] = places[random.integer(places.length)];
      holder[key] = plain(from[name]);
      break;
    }
    default:
      holder[key] = strange(random);
  }
  return root;
}

/** A copy in which deep values are left out. */
function plain(value) {
  if (value instanceof Raw || typeof value !== 'object' || value === null) return value instanceof Raw ? null : value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function number(random, value) {
  const odd = [0, -1, 1, value + 1, value - 1, -value, value * 1e6, value / 1e6, 1e-300, 1e300, 2 ** 31, 2 ** 53, 0.5];
  return odd[random.integer(odd.length)];
}

function strange(random) {
  const depth = 1 + random.integer(3) * 20_000;
  const values = [
    null,
    true,
    false,
    0,
    -1,
    1e308,
    '',
    'a',
    '\u0000',
    '\u001b[2J',
    '\u202e',
    'x'.repeat(100_000),
    [],
    {},
    [[]],
    [1, 2, 3],
    { step: 'centre' },
    new Raw('1e999'),
    new Raw('-0'),
    new Raw('{"__proto__":{"polluted":1}}'),
    new Raw(`${'['.repeat(depth)}${']'.repeat(depth)}`),
    new Raw(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    new Raw(`[${'0,'.repeat(1000)}0]`),
  ];
  return values[random.integer(values.length)];
}

function print(value) {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(print).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${print(item)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

/**
 * A changed copy of a text.
 *
 * @param {import('@jetsdk/jets').Random} random
 * @param {string} seed
 */
export function mutateText(random, seed) {
  const lines = seed.split('\n');
  const rounds = 1 + random.integer(4);
  for (let i = 0; i < rounds; i++) {
    const at = random.integer(lines.length);
    const odd = [
      '',
      ',',
      '"',
      '""',
      'nan',
      'inf',
      '1e999',
      '-0',
      '\ufeff',
      '\u0000',
      '\r',
      'é',
      'jet_0,1',
      '=1+1',
      ' 1 ',
    ];
    const word = odd[random.integer(odd.length)];
    const cells = lines[at].split(',');
    switch (random.integer(6)) {
      case 0:
        lines.splice(at, 1 + random.integer(2));
        if (lines.length === 0) lines.push('');
        break;
      case 1:
        lines.splice(at, 0, lines[random.integer(lines.length)]);
        break;
      case 2:
        lines[at] = word + lines[at];
        break;
      case 3:
        lines[at] += word;
        break;
      default:
        cells[random.integer(cells.length)] = word;
        lines[at] = cells.join(',');
    }
  }
  return lines.join('\n');
}
