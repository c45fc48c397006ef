/** JSON Schemas of the very zod schemas that validate, as components that documents refer to. */
import { z } from 'zod';
import '../schemas.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const PLACE = '#/components/schemas/';
const options = {
  target: 'draft-2020-12',
  unrepresentable: 'any',
  io: 'output',
  uri: (id: string) => PLACE + id,
} as const;

/** Every schema that has a name. */
export function components(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, options);
  return Object.fromEntries(
    Object.entries(schemas)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, withoutHead(schema)]),
  );
}

/** A reference to a schema that has a name, else the schema itself. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return { $ref: PLACE + id };
  const { $defs: _defs, ...rest } = withoutHead(z.toJSONSchema(schema, options)) as { $defs?: unknown };
  return JSON.parse(JSON.stringify(rest).replaceAll('#/$defs/', PLACE)) as JsonSchema;
}

function withoutHead(schema: object): JsonSchema {
  const { $schema: _schema, $id: _id, id: _name, ...rest } = schema as Record<string, unknown>;
  return rest;
}
