/** What an api of the cluster is told by its environment. */
import { z } from 'zod';
import { publicEnvironment } from './cluster-server.ts';
import { firstManagerEnvironment } from './first-manager.ts';
import { witnessesEnvironment } from './witnesses.ts';

export const apiEnvironment = z.intersection(
  publicEnvironment,
  z.intersection(firstManagerEnvironment, witnessesEnvironment),
);
