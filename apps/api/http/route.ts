/**
 * A route, told once: Nest registers it, the guard reads who may use it, handlers validate with its schemas, and the
 * OpenAPI document describes it, all from the same object.
 */
import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Action } from '#access';
import { parseSheetJson } from '#intake';
import { LinesBody, PackageBody, TextBody } from './bodies.ts';
import { type FieldProblem, type ProblemCode, ProblemError } from './problems.ts';

export const API = '/api/v1';
/** Base of everything about one election. */
export const ELECTION = `${API}/elections/:election`;

export type BodyKind = 'json' | 'zip' | 'lines' | 'none';

export interface AnswerSpec {
  readonly description: string;
  readonly type?: string;
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI and people write it, parameters with a colon: `/elections/:election/sheets`. */
  readonly path: string;
  readonly tag:
    | 'elections'
    | 'sheets'
    | 'results'
    | 'contests'
    | 'stations'
    | 'accounts'
    | 'audit'
    | 'board'
    | 'operation';
  readonly summary: string;
  readonly description?: string;
  /** `public`: anyone, as far as `publish` goes; else the action an account's role and area must allow. */
  readonly access: 'public' | Action;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyKind;
  readonly json?: z.ZodType;
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  readonly problems: readonly ProblemCode[];
}

const ROUTE = Symbol('route');

/** The route of a controller's handler, if it has one. */
export function routeOf(handler: unknown): RouteSpec | undefined {
  return typeof handler === 'function' ? (Reflect.getMetadata(ROUTE, handler) as RouteSpec | undefined) : undefined;
}

/** Marks the method of a controller that handles a route. */
export function Handles(route: RouteSpec): MethodDecorator {
  const method = { GET: RequestMethod.GET, POST: RequestMethod.POST, DELETE: RequestMethod.DELETE }[route.method];
  const first = Number(Object.keys(route.answers)[0] ?? 200);
  return applyDecorators(
    SetMetadata(ROUTE, route),
    HttpCode(first),
    RequestMapping({ path: nestPath(route.path), method }),
  );
}

/** find-my-way reads `:` as a parameter; doubled it stands for itself (`sheets:batch`). The rest of a path has no name. */
function nestPath(path: string): string {
  return path.replace(/(?<=[^/]):/g, '::').replace(/\*[a-z]+$/, '*');
}

/** Path parameters, validated. A wrong one is an address that does not exist. */
export function readParams<T extends z.ZodObject>(schema: T, request: FastifyRequest): z.infer<T> {
  const read = schema.safeParse(request.params);
  if (!read.success) throw new ProblemError('not-found', { errors: fieldProblems(read.error, request.params) });
  return read.data;
}

export function readQuery<T extends z.ZodObject>(schema: T, request: FastifyRequest): z.infer<T> {
  const read = schema.safeParse(request.query);
  if (!read.success) throw new ProblemError('bad-parameter', { errors: fieldProblems(read.error, request.query) });
  return read.data;
}

export function readText(request: FastifyRequest): string {
  const { body } = request;
  if (body instanceof TextBody) return body.text;
  throw wrongType(request, 'application/json');
}

/** A JSON body by its schema; numbers must be digits only, as on a sheet. */
export function readJson<T extends z.ZodType>(schema: T, request: FastifyRequest): z.infer<T> {
  const parsed = parseSheetJson(readText(request));
  if (!parsed.ok) throw jsonProblem(parsed.problems);
  const read = schema.safeParse(parsed.raw);
  if (!read.success) throw new ProblemError('invalid', { errors: fieldProblems(read.error, parsed.raw) });
  return read.data;
}

export function jsonProblem(errors: readonly FieldProblem[]): ProblemError {
  const isMalformed = errors.some(({ code }) => code === 'not-json');
  return new ProblemError(isMalformed ? 'malformed-json' : 'bad-structure', { detail: errors[0]?.message, errors });
}

export function readPackageBytes(request: FastifyRequest): Uint8Array {
  if (request.body instanceof PackageBody) return request.body.bytes;
  throw wrongType(request, 'application/zip');
}

export function readLines(request: FastifyRequest): LinesBody['stream'] {
  if (request.body instanceof LinesBody) return request.body.stream;
  throw wrongType(request, 'application/x-ndjson');
}

function wrongType(request: FastifyRequest, wanted: string): ProblemError {
  if (request.body instanceof LinesBody) request.body.stream.resume();
  const found = request.headers['content-type'];
  const detail = `Expected ${wanted}, found ${found ? `${found.slice(0, 80)}` : 'no body'}.`;
  return found
    ? new ProblemError('unsupported-media-type', detail)
    : new ProblemError('invalid', { detail, errors: [{ pointer: '', code: 'missing', message: detail }] });
}

/** zod's issues as problems with JSON Pointers. */
export function fieldProblems(error: z.ZodError, input: unknown): FieldProblem[] {
  return error.issues.slice(0, 100).flatMap((issue): FieldProblem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, 100).map((key) => ({
        pointer: pointer([...issue.path, key]),
        code: 'unknown-field',
        message: `"${key.slice(0, 64)}" is not known here.`,
      }));
    const isMissing = issue.path.length > 0 && valueAt(input, issue.path) === undefined;
    const name = issue.path.at(-1);
    const label = name === undefined ? 'The body' : String(name).slice(0, 64);
    return [
      {
        pointer: pointer(issue.path),
        code: isMissing ? 'missing' : issue.code.replaceAll('_', '-'),
        message: isMissing ? `${label} is missing.` : `${label}: ${issue.message}.`,
      },
    ];
  });
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
