import { JetError, type ModelCard, requireMembers } from '@jetsdk/jets';
import { CARD_KEY, cardText } from '@jetsdk/onnx';

/** Key of the model file's SHA-256 in the configuration, where `loadTagger` looks for it. */
const SHA256_KEY = 'jetsdk.sha256';
/** Jets that Triton may put together; the graph takes any number. */
const MAX_BATCH = 1024;
/** Time in which a request waits for others. */
const MAX_DELAY_MICROSECONDS = 500;

/**
 * The `config.pbtxt` with which NVIDIA Triton's ONNX Runtime backend serves an exported model.
 *
 * The first axis of every port is the open batch axis `n`, so it is left out of `dims` and Triton may put requests
 * together up to `max_batch_size`. The card and the file's SHA-256 travel as parameters, from which `loadTagger` knows
 * recipe and signal class of the served model; Triton and its backend ignore them.
 *
 * @param card its name must be that of the model's folder
 * @param sha256 of the ONNX file, hexadecimal
 * @throws {JetError} BAD_ARGUMENT if the name cannot be that of a folder; UNSUPPORTED if the output is not class scores
 * @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html
 */
export function tritonConfig(card: ModelCard, sha256: string): string {
  requireMembers('tritonConfig', card, ['name', 'input', 'output'], 'the card of a model');
  const { name, input, output, classes } = card;
  if (!/^[A-Za-z0-9_][\w.-]*$/.test(name))
    throw new JetError(
      'BAD_ARGUMENT',
      `triton: model name ${name}; expected letters, digits, _ - and ., as in a folder's name; export with another --name`,
      { name },
    );
  if (output.kind === 'values')
    throw new JetError('UNSUPPORTED', `triton: output ${output.name} of ${name} holds values; expected class scores`, {
      output: output.name,
    });
  const columns = output.kind === 'score' ? 1 : classes.length;
  const port = (portName: string, dims: readonly number[]): string =>
    `[\n  {\n    name: ${quoted(portName)}\n    data_type: TYPE_FP32\n    dims: [ ${dims.join(', ')} ]\n  }\n]`;
  const parameter = (key: string, value: string): string =>
    `parameters {\n  key: ${quoted(key)}\n  value: { string_value: ${quoted(value)} }\n}`;
  return `${[
    `name: ${quoted(name)}`,
    'backend: "onnxruntime"',
    `max_batch_size: ${MAX_BATCH}`,
    `input ${port(input.name, input.shape)}`,
    `output ${port(output.name, [columns])}`,
    `dynamic_batching { max_queue_delay_microseconds: ${MAX_DELAY_MICROSECONDS} }`,
    parameter(CARD_KEY, cardText(card)),
    parameter(SHA256_KEY, sha256),
  ].join('\n')}\n`;
}

/** A string of protobuf's text format; everything beyond printable ASCII as octal bytes. */
function quoted(text: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text))
    out +=
      byte === 0x22 || byte === 0x5c
        ? `\\${String.fromCharCode(byte)}`
        : byte >= 0x20 && byte < 0x7f
          ? String.fromCharCode(byte)
          : `\\${byte.toString(8).padStart(3, '0')}`;
  return `"${out}"`;
}
