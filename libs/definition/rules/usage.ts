/**
 * What an expression uses: fields, variables, other bodies. Read from the parsed expression, so that a rule which uses
 * something absent is known not to apply before it is evaluated, and an unknown field is told with its place.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { BodyId, FieldId } from '#domain';
import { FUNCTIONS, VARIABLES, type Variable } from './environment.ts';

export interface Usage {
  readonly fields: ReadonlyMap<FieldId, number>;
  /** Fields tested by `has(f.X)`: the rule itself says what to do where they are absent. */
  readonly guardedFields: ReadonlySet<FieldId>;
  readonly variables: ReadonlySet<Variable>;
  readonly others: ReadonlyMap<BodyId, ReadonlyMap<FieldId, number>>;
  readonly guardedBodies: ReadonlySet<BodyId>;
  readonly faults: readonly Fault[];
}

/** Something wrong in an expression, at a place counted from its first character. */
export interface Fault {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
}

const RESERVED_NAMES: ReadonlySet<string> = new Set([...VARIABLES, ...FUNCTIONS]);
const KNOWN_VARIABLES: ReadonlySet<string> = new Set(VARIABLES);
/** Every loop inside a loop multiplies the work done for each sheet. */
const MAX_NESTED_LOOPS = 2;
/** Macros whose first argument names a variable of its own. */
const BINDING_MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind']);

export function usageOf(ast: ASTNode): Usage {
  const reader = new UsageReader();
  reader.read(ast);
  return reader;
}

class UsageReader implements Usage {
  readonly fields = new Map<FieldId, number>();
  readonly guardedFields = new Set<FieldId>();
  readonly variables = new Set<Variable>();
  readonly others = new Map<BodyId, Map<FieldId, number>>();
  readonly guardedBodies = new Set<BodyId>();
  readonly faults: Fault[] = [];
  #loops = 0;

  read(node: ASTNode): void {
    if (isAccess(node)) this.#readAccess(node);
    else if (node.op === 'id') this.#readName(node);
    else if (isMacro(node, 'has')) this.#readGuard(node);
    else if (isLoop(node)) this.#readLoop(node);
    else {
      if (isMethod(node, 'matches'))
        this.#fault(
          node,
          'rule-too-costly',
          'matches() may run without end; compare texts with ==, startsWith() or in',
        );
      for (const child of childrenOf(node)) this.read(child);
    }
  }

  #readName(node: ASTNode): void {
    const name = String(node.args);
    if (name === 'f') this.#fault(node, 'field-expected', 'f must be followed by a field: f.H or f["H"]');
    else if (name === 'other')
      this.#fault(node, 'field-expected', 'other must be followed by a body and a field: other.na.C');
    else if (KNOWN_VARIABLES.has(name)) this.variables.add(name as Variable);
  }

  #readAccess(node: ASTNode): void {
    const [left, key] = accessParts(node);
    if (isName(left, 'f')) {
      if (key === undefined) this.#fault(node, 'field-expected', 'f[…] must name a field as a text: f["H"]');
      else if (!this.fields.has(key)) this.fields.set(key, node.pos);
      return;
    }
    if (isAccess(left) && isName(accessParts(left)[0], 'other')) {
      this.#readOther(node, accessParts(left)[1], key);
      return;
    }
    if (isName(left, 'votes') && node.op === '[]' && key === undefined) this.#checkVotesKey(node);
    for (const child of childrenOf(node)) this.read(child);
  }

  #readOther(node: ASTNode, body: BodyId | undefined, field: FieldId | undefined): void {
    this.variables.add('other');
    if (body === undefined || field === undefined) {
      this.#fault(
        node,
        'field-expected',
        'other must be followed by a body and a field: other.na.C or other["na-1"]["C"]',
      );
      return;
    }
    const fields = this.others.get(body) ?? new Map<FieldId, number>();
    this.others.set(body, fields);
    if (!fields.has(field)) fields.set(field, node.pos);
  }

  /** `has(f.X)`, `has(other.na)`, `has(other.na.C)`: tested, not used. */
  #readGuard(node: ASTNode): void {
    const argument = childrenOf(node)[0];
    if (!argument || !isAccess(argument)) return;
    const [left, key] = accessParts(argument);
    if (key === undefined) return;
    if (isName(left, 'f')) {
      this.guardedFields.add(key);
      if (!this.fields.has(key)) this.fields.set(key, argument.pos);
    } else if (isName(left, 'other')) this.#guardBody(key);
    else if (isAccess(left) && isName(accessParts(left)[0], 'other')) {
      this.#guardBody(accessParts(left)[1]);
      this.#readOther(argument, accessParts(left)[1], key);
    }
  }

  #guardBody(body: BodyId | undefined): void {
    if (body === undefined) return;
    this.variables.add('other');
    this.guardedBodies.add(body);
    if (!this.others.has(body)) this.others.set(body, new Map());
  }

  #checkVotesKey(node: ASTNode): void {
    const key = childrenOf(node)[1];
    if (key?.op === 'value' && typeof key.args === 'bigint')
      this.#fault(key, 'wrong-type', `candidates are named by text: votes["${key.args}"], not votes[${key.args}]`);
  }

  #readLoop(node: ASTNode): void {
    const bound = childrenOf(node)[1];
    if (bound?.op === 'id' && RESERVED_NAMES.has(String(bound.args)))
      this.#fault(
        bound,
        'name-taken',
        `"${String(bound.args)}" already means something here; choose another name for it`,
      );
    this.#loops += 1;
    if (this.#loops > MAX_NESTED_LOOPS)
      this.#fault(
        node,
        'rule-too-costly',
        `all(), exists(), map(), filter() are nested more than ${MAX_NESTED_LOOPS} deep`,
      );
    for (const child of childrenOf(node)) this.read(child);
    this.#loops -= 1;
  }

  #fault(node: ASTNode, code: string, message: string): void {
    this.faults.push({ offset: node.pos, code, message });
  }
}

function isAccess(node: ASTNode): boolean {
  return node.op === '.' || node.op === '[]';
}

function isName(node: ASTNode, name: string): boolean {
  return node.op === 'id' && node.args === name;
}

function isMacro(node: ASTNode, name: string): boolean {
  return node.op === 'call' && (node.args as unknown[])[0] === name;
}

function isMethod(node: ASTNode, name: string): boolean {
  return node.op === 'rcall' && (node.args as unknown[])[0] === name;
}

function isLoop(node: ASTNode): boolean {
  return node.op === 'rcall' && BINDING_MACROS.has(String((node.args as unknown[])[0]));
}

/** Left side and key of `a.key` or `a["key"]`; the key is undefined where it is worked out at evaluation. */
function accessParts(node: ASTNode): [ASTNode, string | undefined] {
  const [left, right] = node.args as [ASTNode, unknown];
  if (typeof right === 'string') return [left, right];
  const literal = right as ASTNode;
  return [left, literal.op === 'value' && typeof literal.args === 'string' ? literal.args : undefined];
}

/** The nodes below a node, in the order they are written; names of calls and fields are no nodes. */
function childrenOf(node: ASTNode): ASTNode[] {
  return flatten(node.args).filter(isNode);
}

function flatten(args: unknown): unknown[] {
  return Array.isArray(args) ? args.flatMap(flatten) : [args];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}
