/** The API as a page for people: written out from the OpenAPI document, with no script and nothing from elsewhere. */
import { PROBLEMS } from '../http/problems.ts';
import type { Document } from './openapi.ts';

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly {
    name: string;
    in: string;
    required: boolean;
    description?: string;
    schema: Document;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Document }>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: Document }>> }
    >
  >;
}

interface OpenApi {
  readonly info: { readonly title: string; readonly description: string };
  readonly tags: readonly { name: string; description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Document>> };
}

export function docsPage(document: Document): string {
  const { info, tags, paths, components } = document as unknown as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(
    ({ name, description }) => `<section id="${name}"><h2>${escapeHtml(name)}</h2><p>${escapeHtml(description)}.</p>
${operations
  .filter(({ operation }) => operation.tags.includes(name))
  .map(({ path, method, operation }) => operationHtml(path, method, operation))
  .join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API</title><link rel="stylesheet" href="/api/docs.css"></head>
<body><main><h1>${escapeHtml(info.title)} API</h1><p>${prose(info.description)}</p>
<p>For programs: <a href="/api/openapi.json">OpenAPI 3.1</a>, <a href="/api/asyncapi.json">AsyncAPI 3</a> (live feed).</p>
<nav><ul>${tags.map(({ name }) => `<li><a href="#${name}">${escapeHtml(name)}</a></li>`).join('')}<li><a href="#problems">problems</a></li><li><a href="#schemas">schemas</a></li></ul></nav>
${sections.join('\n')}
<section id="problems"><h2>problems</h2>${problemsHtml()}</section>
<section id="schemas"><h2>schemas</h2>${schemasHtml(components.schemas)}</section>
</main></body></html>`;
}

function operationHtml(
  path: string,
  method: string,
  { summary, description, parameters, requestBody, responses }: Operation,
): string {
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<p>Body: <code>${type}</code> ${shape(schema)}</p>`,
  );
  const rows = Object.entries(responses).map(([status, answer]) => {
    const content = Object.entries(answer.content ?? {}).map(
      ([type, { schema }]) => `<code>${type}</code> ${shape(schema)}`,
    );
    return `<tr><td>${status}</td><td>${prose(answer.description)}</td><td>${content.join('<br>')}</td></tr>`;
  });
  return `<article><h3><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h3>
<p><strong>${escapeHtml(summary)}.</strong> ${prose(description)}</p>${parametersHtml(parameters)}${body.join('')}
<table><thead><tr><th>Status</th><th>When</th><th>Body</th></tr></thead><tbody>${rows.join('')}</tbody></table></article>`;
}

function parametersHtml(parameters: Operation['parameters']): string {
  const shown = parameters.filter((parameter) => parameter.in !== 'path');
  if (shown.length === 0) return '';
  const rows = shown.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${description ? prose(description) : shape(schema)}</td></tr>`,
  );
  return `<table><thead><tr><th>Parameter</th><th>In</th><th>What</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function problemsHtml(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title, help }]) =>
      `<tr id="problem-${code}"><td><code>/problems/${code}</code></td><td>${status}</td><td>${escapeHtml(title)}. ${prose(help)}</td></tr>`,
  );
  return `<table><thead><tr><th>Type</th><th>Status</th><th>What it means, what to do</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function schemasHtml(schemas: Readonly<Record<string, Document>>): string {
  return Object.entries(schemas)
    .map(
      ([name, schema]) =>
        `<details id="schema-${name}"><summary>${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`,
    )
    .join('\n');
}

function shape(schema: Document): string {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  return name === undefined
    ? `<code>${escapeHtml(JSON.stringify(schema).slice(0, 200))}</code>`
    : `<a href="#schema-${name}">${escapeHtml(name)}</a>`;
}

/** Text with `code` in backticks. */
function prose(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll('\n\n', '</p><p>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export const DOCS_CSS = `:root{color-scheme:light dark;--line:#8886}
body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:64rem;margin:0 auto;padding:1.5rem}
nav ul{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0}
article{border-top:1px solid var(--line);padding:.5rem 0 1rem}h3{font-size:1rem;margin:.75rem 0 .25rem}
.method{display:inline-block;min-width:4rem;font-weight:700}code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{overflow:auto;padding:1rem;border:1px solid var(--line)}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
:target{outline:2px solid;outline-offset:4px}
`;
