/** Crashes on MongoDB, where nothing but the order of the writes and their guards keeps documents right. */
import { modelDatabase } from '../../test/kit/mongo-models.ts';
import { crashes } from './crashes.contract.ts';

crashes('on MongoDB', { everyPoint: 3 }, modelDatabase);
