/**
 * The election package: read and check it, its canonical form and digest, its rules, templates to start from
 * (contracts §1).
 *
 * May import `#domain`, node's built-ins, and the libraries for JSON, CSV, zip and CEL. Nothing a package holds throws:
 * problems are data, all told at once with file, line and column.
 */
export {
  type PackageResult,
  type PackageSummary,
  parseDefinition,
  readPackage,
  readPackageZip,
} from './package/read-package.ts';
export { MAX_PROBLEMS, type Problem } from './problems.ts';
export { compileRules, type RuleBook } from './rules/rule-book.ts';
export type { OtherSheets } from './rules/sheet-context.ts';
export {
  isTemplateName,
  TEMPLATES,
  type TemplateName,
  templateFiles,
  type Written,
  writeTemplate,
} from './templates/index.ts';
