/** The variables that a process reads, out of the schema it reads them by. */
import { z } from 'zod';

export interface Variable {
  readonly name: string;
  readonly isNeeded: boolean;
  /** As text; null: none. */
  readonly byDefault: string | null;
}

export function variablesOf(schema: z.core.$ZodType): Variable[] {
  if (schema instanceof z.ZodIntersection) return [...variablesOf(schema.def.left), ...variablesOf(schema.def.right)];
  if (schema instanceof z.ZodPipe) return variablesOf(schema.def.in);
  if (!(schema instanceof z.ZodObject)) throw new Error(`an environment is an object, not ${schema._zod.def.type}`);
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    isNeeded: !field.safeParse(undefined).success,
    byDefault: field instanceof z.ZodDefault ? String(field.def.defaultValue) : null,
  }));
}
