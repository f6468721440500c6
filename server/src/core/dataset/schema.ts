import text from '../../../../schemas/dataset.schema.json';
import type { SchemaNode } from '../schema/schema-node';

/** The dataset's schema: the source of its keys and their descriptions (spec dataset-and-training.md 1.2). */
export const datasetSchema: SchemaNode = text;

/** Every key that the trainer reads, in the order in which people write them. */
export const datasetKeys: readonly string[] = Object.keys(datasetSchema.properties ?? {});
