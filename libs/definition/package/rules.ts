/**
 * The rules of a package: those of the packs it names and those of its own rule files, checked against its forms.
 */
import type { Node } from 'jsonc-parser';
import type { FormId, Language, Rule, RulePack, Severity, Texts } from '#domain';
import { PACKS } from '../packs/index.ts';
import { packRules } from '../packs/pack.ts';
import { oneOf, type Problems, shown } from '../problems.ts';
import { type Forms, RuleCompiler, severityOf } from '../rules/compile.ts';
import type { JsonFile } from '../source/json.ts';
import { type JsonObject, JsonReader } from '../source/json-reader.ts';
import type { Contests } from './contests.ts';
import type { ElectionFile } from './election-file.ts';
import { readIdentifier } from './forms.ts';
import { readTexts } from './languages.ts';

const PACK = 'pack:';
const MEMBERS = ['id', 'form', 'severity', 'expect', 'fields', 'message', 'advice', 'source'];
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
/** The finding that says a rule could not be evaluated. */
const TAKEN_ID = 'rule-failed';

export interface PackageRules {
  readonly rules: readonly Rule[];
  readonly packs: readonly RulePack[];
}

/** Reads a rule file of the package; undefined (problems told) where there is none or it is broken. */
export type OpenRuleFile = (name: string, node: Node) => JsonFile | undefined;

export function readRules(
  election: ElectionFile,
  contests: Contests | undefined,
  open: OpenRuleFile,
  problems: Problems,
): PackageRules {
  const forms = new Map([...election.forms].map(([id, { form }]) => [id, form]));
  const collector = new RuleCollector(election, forms, contests, problems);
  collector.checkShares();
  for (const { name, node } of election.ruleSources) {
    if (name.startsWith(PACK)) collector.addPack(name.slice(PACK.length), node);
    else {
      const json = open(name, node);
      if (json) collector.addFile(json);
    }
  }
  return collector;
}

class RuleCollector implements PackageRules {
  readonly packs: RulePack[] = [];
  readonly #rules = new Map<string, Rule>();
  readonly #election: ElectionFile;
  readonly #forms: Forms;
  readonly #compiler: RuleCompiler;
  readonly #problems: Problems;
  /** Without contests nobody knows the bodies: rules with `other` are then not checked. */
  readonly #knowsBodies: boolean;

  constructor(election: ElectionFile, forms: Forms, contests: Contests | undefined, problems: Problems) {
    this.#election = election;
    this.#forms = forms;
    this.#compiler = new RuleCompiler(forms, contests?.rows ?? []);
    this.#knowsBodies = contests !== undefined;
    this.#problems = problems;
  }

  get rules(): Rule[] {
    return [...this.#rules.values()];
  }

  checkShares(): void {
    const { reader, forms } = this.#election;
    for (const [id, { form, shareOf }] of forms) {
      if (!shareOf || form.shareOf === undefined) continue;
      const compiled = this.#compiler.shareOf(id, form.shareOf);
      if ('faults' in compiled)
        for (const { offset, code, message } of compiled.faults)
          reader.problemInString(shareOf, offset, code, `shareOf of form ${shown(id)}: ${message}`);
    }
  }

  addPack(id: string, node: Node): void {
    const pack = PACKS.get(id);
    if (!pack) {
      const known = [...PACKS.keys()].map((name) => PACK + name);
      this.#election.reader.problem(
        node,
        'unknown-pack',
        `unknown rule pack ${shown(PACK + id)}; packs are ${oneOf(known)}`,
      );
      return;
    }
    this.packs.push({ id: pack.id, version: pack.version });
    for (const form of this.#forms.keys()) for (const rule of packRules(pack, form, this.#compiler)) this.#add(rule);
  }

  addFile(json: JsonFile): void {
    const reader = new JsonReader(json, this.#problems);
    const nodes =
      reader.object(json.root, json.file, ['rules'])?.required('rules', (node, what) => reader.list(node, what)) ?? [];
    const seen = new Set<string>();
    for (const node of nodes) {
      const rule = this.#readRule(reader, node);
      if (!rule) continue;
      const key = keyOf(rule);
      if (seen.has(key))
        reader.problem(
          node,
          'duplicate-id',
          `rule ${shown(rule.id)} of form ${shown(rule.form)} stands twice in this file`,
        );
      seen.add(key);
      this.#add(rule);
    }
  }

  /** A later rule takes the place of an earlier one with its id and form. */
  #add(rule: Rule): void {
    this.#rules.set(keyOf(rule), rule);
  }

  #readRule(reader: JsonReader, node: Node): Rule | undefined {
    const object = reader.object(node, 'a rule', MEMBERS);
    if (!object) return undefined;
    const { languages } = this.#election.head;
    const id = object.required('id', (value, what) => readRuleId(reader, value, what));
    const form = object.required('form', (value, what) => this.#readForm(reader, value, what));
    const severity = object.required('severity', (value, what) => reader.oneOf(value, what, SEVERITIES));
    const message = object.required('message', (value, what) => readTexts(reader, value, what, languages));
    const advice = object.optional('advice', (value, what) => readAdvice(reader, value, what, languages));
    const source = object.optional('source', (value, what) => reader.text(value, what));
    const given = object.optional('fields', (value, what) => this.#readFields(reader, value, what, form));
    const expect = object.required('expect', (value, what) => reader.text(value, what));
    const used = form === undefined || expect === undefined ? undefined : this.#compile(object, form, expect);
    if (!id || !form || !severity || !message || !expect || !used) return undefined;
    const rule = {
      id,
      form,
      severity,
      expect,
      fields: given ?? used.fields,
      message,
      ...(advice && { advice }),
      ...(source && { source }),
    };
    return severityOf(rule, used.usesOther);
  }

  #readForm(reader: JsonReader, node: Node, what: string): FormId | undefined {
    const form = reader.text(node, what);
    if (form === undefined || this.#forms.has(form)) return form;
    reader.problem(
      node,
      'unknown-form',
      `${what}: unknown form ${shown(form)}; forms are ${oneOf(this.#forms.keys())}`,
    );
    return undefined;
  }

  #readFields(reader: JsonReader, node: Node, what: string, form: FormId | undefined): string[] | undefined {
    const known = form === undefined ? undefined : this.#forms.get(form)?.fields.map(({ id }) => id);
    const fields = (reader.list(node, what) ?? []).flatMap((one) => {
      const id = reader.text(one, `an entry of ${what}`);
      if (id !== undefined && known && !known.includes(id))
        reader.problem(
          one,
          'unknown-field',
          `form ${shown(form)} has no field ${shown(id)}; its fields are ${oneOf(known)}`,
        );
      return id === undefined ? [] : [id];
    });
    return fields;
  }

  #compile(object: JsonObject, form: FormId, expect: string): { fields: string[]; usesOther: boolean } | undefined {
    const compiled = this.#compiler.rule({ form, expect });
    if ('condition' in compiled) {
      const { usage } = compiled.condition;
      return { fields: [...usage.fields.keys()], usesOther: usage.variables.has('other') };
    }
    const node = object.get('expect')!;
    for (const { offset, code, message } of compiled.faults)
      if (code !== 'unknown-body' || this.#knowsBodies) object.reader.problemInString(node, offset, code, message);
    return undefined;
  }
}

function keyOf({ id, form }: Rule): string {
  return `${form} ${id}`;
}

function readRuleId(reader: JsonReader, node: Node, what: string): string | undefined {
  const id = readIdentifier(reader, node, what);
  if (id !== TAKEN_ID) return id;
  reader.problem(
    node,
    'name-taken',
    `${what} is "${TAKEN_ID}", which says that a rule could not be evaluated; choose another`,
  );
  return undefined;
}

function readAdvice(reader: JsonReader, node: Node, what: string, languages: readonly Language[]): Rule['advice'] {
  const object = reader.object(node, what, ['clerk', 'reviewer']);
  const texts = (name: string): Texts | undefined =>
    object?.optional(name, (value, label) => readTexts(reader, value, label, languages));
  const clerk = texts('clerk');
  const reviewer = texts('reviewer');
  return { ...(clerk && { clerk }), ...(reviewer && { reviewer }) };
}
