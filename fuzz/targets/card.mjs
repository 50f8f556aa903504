import { readFileSync } from 'node:fs';
import { parseCard } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import { mutateJson } from '../mutate.mjs';

const card = (name) => JSON.parse(readFileSync(new URL(`../../models/${name}/card.json`, import.meta.url), 'utf8'));

export default {
  seeds: () => [card('course-cnn'), card('constituent-dnn'), card('landscape-resnet')],
  mutate: mutateJson,
  read: (text) => parseCard(parseJson(text, 'card.json')),
};
