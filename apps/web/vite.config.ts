import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The public page. Everything it needs is a file of its own (`default-src 'self'`): nothing inlined as `data:`, no
 * script or style in the HTML.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false })],
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['es2020', 'chrome80', 'safari14', 'firefox78'],
    reportCompressedSize: true,
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:4000',
      '/socket.io': { target: 'ws://127.0.0.1:4000', ws: true },
    },
  },
});
