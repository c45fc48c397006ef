import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The pages as one module for the server, which then needs nothing of what they are made of. */
export default defineConfig({
  root: here('.'),
  plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false })],
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: here('server.tsx'),
    outDir: here('../../dist/apps/pages/rendered'),
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: { output: { entryFileNames: 'pages.js' } },
  },
});
