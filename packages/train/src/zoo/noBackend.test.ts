import { expect, test } from 'vitest';
import { buildNetwork } from '../networks/buildNetwork.js';
import { zoo } from './index.js';

test('building a network before a backend is selected says what to do', async () => {
  await expect(buildNetwork(zoo['course-cnn'], { seed: 1 })).rejects.toThrowError(/call selectBackend/);
});
