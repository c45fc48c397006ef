/** The layer rules of the architecture: arrows point one way, adapters are known to the composition roots alone. */
const lib = (name) => `^libs/${name}/`;
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '^apps/web/', 'main\\.ts$', '\\.d\\.ts$', '\\.(mjs|cjs)$'] },
      to: {},
    },
    {
      name: 'domain-is-pure',
      comment: 'The domain imports nothing but itself, node:crypto for hashing and RFC 8785.',
      severity: 'error',
      from: { path: lib('domain'), pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/domain/', '^node:crypto$', '^crypto$', 'node_modules/canonicalize/'] },
    },
    {
      name: 'definition-knows-domain-only',
      severity: 'error',
      from: { path: lib('definition') },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(domain|definition)/' },
    },
    {
      name: 'ports-know-domain-only',
      severity: 'error',
      from: { path: '^libs/(event-log|read-model|access)/' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(domain|event-log|read-model|access)/' },
    },
    {
      name: 'transparency-is-pure',
      comment: 'Trees, proofs and signed notes rest on the domain and node:crypto alone.',
      severity: 'error',
      from: { path: lib('transparency'), pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/(domain|transparency)/', '^node:crypto$', '^crypto$'] },
    },
    {
      name: 'verification-knows-nothing-of-the-server',
      comment: 'Whoever checks an election shares its pure code only.',
      severity: 'error',
      from: { path: lib('verification'), pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(domain|definition|transparency|verification)/' },
    },
    {
      name: 'documents-know-the-log-only',
      severity: 'error',
      from: { path: lib('documents'), pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(domain|transparency|event-log|documents)/' },
    },
    {
      name: 'mirror-knows-nothing-of-the-server',
      severity: 'error',
      from: { path: lib('mirror'), pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(domain|transparency|documents|mirror)/' },
    },
    {
      name: 'witness-knows-nothing-of-the-server',
      comment: 'A witness shares the formats with the logs it looks at, and no more.',
      severity: 'error',
      from: { path: lib('witness'), pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(transparency|witness)/' },
    },
    {
      name: 'log-tree-knows-the-log-only',
      severity: 'error',
      from: { path: lib('log-tree'), pathNot: '(\\.spec|contract)\\.ts$|/testing/' },
      to: {
        path: '^(libs|apps)/',
        pathNot: '^libs/(domain|transparency|event-log|log-tree)/|^libs/read-model/mongo/|^libs/read-model/port',
      },
    },
    { name: 'libs-do-not-know-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'adapters-only-in-composition-roots',
      severity: 'error',
      from: {
        path: '^(libs|apps)/',
        pathNot: [
          '^libs/(event-log|read-model|access|log-tree)/(embedded|kafka|mongo)/',
          '^apps/(standalone|server)/',
          '\\.spec\\.ts$',
        ],
      },
      to: { path: '^libs/(event-log|read-model|access|log-tree)/(embedded|kafka|mongo)/' },
    },
    {
      name: 'specs-are-not-imported',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$' },
      to: { path: '\\.spec\\.ts$' },
    },
    {
      name: 'not-to-dev-dependencies',
      severity: 'error',
      from: {
        path: '^(libs|apps)/',
        pathNot: ['\\.spec\\.ts$', 'contract\\.ts$', '^apps/web/', '/testing/', '/testing\\.ts$'],
      },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
