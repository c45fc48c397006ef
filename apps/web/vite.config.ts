import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Beside each script and style the same, packed once and for all: what a server hands out needs no work then. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir }) {
      for (const name of readdirSync(`${dir}/assets`).filter((file) => /\.(js|css)$/.test(file))) {
        const bytes = readFileSync(`${dir}/assets/${name}`);
        writeFileSync(`${dir}/assets/${name}.br`, brotliCompressSync(bytes));
        writeFileSync(`${dir}/assets/${name}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/**
 * The public page. Everything it needs is a file of its own (`default-src 'self'`): nothing inlined as `data:`, no
 * script in the HTML. The server puts the styles into it.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false }), packed()],
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
