/** @file What a card says of all the networks that a model is made of. */
import { formatCounted } from '../formatCount.js';
import type { CardMean, CardTraining, ModelCard } from './card.js';

/** How each network of a model was trained; none where its card says nothing of it. */
export const trainingsOf = ({ training, mean }: Pick<ModelCard, 'training' | 'mean'>): readonly CardTraining[] =>
  mean?.trainings ?? (training === undefined ? [] : [training]);

/** Numbers that were learned, of all networks of a model; undefined where its card says nothing of them. */
export function learnedParameters(card: Pick<ModelCard, 'training' | 'mean'>): number | undefined {
  const trainings = trainingsOf(card);
  return trainings.length === 0 ? undefined : trainings.reduce((sum, { parameters }) => sum + parameters, 0);
}

/** What a mean is over, such as `2 trainings over 4 images of a jet`. */
export function meanText({ trainings, images }: CardMean): string {
  const over = images === undefined ? '' : ` over ${formatCounted(images.length, 'image')} of a jet`;
  return `${formatCounted(trainings.length, 'training')}${over}`;
}
