/** The OpenAPI 3.1 document, made of the routes that are registered and the schemas that validate. */
import type { Type } from '@nestjs/common';
import type { z } from 'zod';
import { PERMISSIONS } from '#access';
import { PROBLEMS, type ProblemCode } from '../http/problems.ts';
import { type AnswerSpec, type BodyKind, type RouteSpec, routeOf } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { components, type JsonSchema, schemaOf } from './json-schemas.ts';

export type Document = Readonly<Record<string, unknown>>;

const TAGS: Readonly<Record<RouteSpec['tag'], string>> = {
  elections: 'What there is, and opening it',
  sheets: 'Sheets in, decisions on them, and their history',
  results: 'Totals at one position, and how they came in',
  contests: 'Certifying, reopening, withdrawn candidates',
  stations: 'Closed stations, and minutes of bodies',
  audit: 'What totals are made of, fingerprints, replay',
  board: 'The operations board: minutes missing, late, held; arrivals; attempts',
  accounts: 'Accounts and their tokens',
  operation: 'For those who run it',
};

const BODY_TYPES: Readonly<Record<Exclude<BodyKind, 'none'>, string>> = {
  json: 'application/json',
  zip: 'application/zip',
  lines: 'application/x-ndjson',
};

/** Every route of the controllers, in their order. */
export function routesOf(controllers: readonly Type[]): RouteSpec[] {
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as object;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const route = routeOf(Object.getOwnPropertyDescriptor(prototype, name)?.value);
      return route ? [route] : [];
    });
  });
}

/** `/elections/:election` as OpenAPI writes it. */
export function openApiPath(path: string): string {
  return path.replace(/(?<=\/)[:*]([A-Za-z]+)/g, '{$1}');
}

export function openApiDocument(routes: readonly RouteSpec[]): Document {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tally',
      version: '1',
      summary: 'Election results: sheets in, totals of every level out.',
      description:
        'Every answer is true at one position of the log and names it. Numbers are digits only. ' +
        'Errors are RFC 9457 problems with a stable `type`. What the public sees follows `publish` of the election.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An account of a role for a unit and all below it' },
      },
    },
  };
}

function operation(route: RouteSpec): Document {
  const roles = route.access === 'public' ? null : PERMISSIONS[route.access].join(', ');
  const note = roles === null ? '' : `Roles: ${roles}, for units of their area.`;
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, note].filter(Boolean).join('\n\n'),
    security: roles === null ? [{}, { token: [] }] : [{ token: [] }],
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...headerParameters(route.headers),
    ],
    ...(route.body && route.body !== 'none' && { requestBody: requestBody(route, route.body) }),
    responses: { ...answers(route.answers), ...problemAnswers(route) },
  };
}

function operationId({ method, path }: RouteSpec): string {
  const words = path
    .replace('/api/v1', '')
    .split(/[^A-Za-z]+/)
    .filter(Boolean);
  return [method.toLowerCase(), ...words]
    .map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
    .join('');
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): Document[] {
  return Object.entries(schema?.shape ?? {}).map(([name, part]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: schemaOf(part as z.ZodType),
    ...(name === 'track' && place === 'query' && { style: 'form', explode: true }),
  }));
}

function headerParameters(headers: Readonly<Record<string, string>> = {}): Document[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: description.includes('(required)'),
    description,
    schema: { type: 'string' },
  }));
}

function requestBody({ json }: RouteSpec, kind: Exclude<BodyKind, 'none'>): Document {
  const schema: JsonSchema = json ? schemaOf(json) : { type: 'string', contentMediaType: BODY_TYPES[kind] };
  return { required: true, content: { [BODY_TYPES[kind]]: { schema } } };
}

function answers(specs: Readonly<Record<number, AnswerSpec>>): Record<string, Document> {
  return Object.fromEntries(Object.entries(specs).map(([status, spec]) => [status, answer(spec)]));
}

function answer({ description, schema, type, headers }: AnswerSpec): Document {
  const content = schema
    ? { [type ?? 'application/json']: { schema: schemaOf(schema) } }
    : type
      ? { [type]: { schema: { type: 'string' } } }
      : undefined;
  const described = Object.entries(headers ?? {}).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...(content && { content }),
  };
}

/** Problems of a route by status; those that any route may answer with included. */
function problemAnswers(route: RouteSpec): Record<string, Document> {
  const general: ProblemCode[] = ['too-many-requests', 'internal', 'unavailable'];
  const access: ProblemCode[] =
    route.access === 'public' ? ['bad-token'] : ['unauthenticated', 'bad-token', 'not-permitted'];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...access, ...route.problems, ...general])) {
    const { status } = PROBLEMS[code];
    if (route.answers[status]) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: schemaOf(wire.problemAnswer) } },
      },
    ]),
  );
}
