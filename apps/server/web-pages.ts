/** The web pages as built by Vite: static files, and the application itself for its own addresses. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageFallback } from '../api/index.ts';

/** Beside the compiled server, or in `dist` of a checkout that runs from source. */
const CANDIDATES = ['../../web', '../../dist/web'];

/** The folder of the built pages; null where they were not built. */
export function builtPages(): string | null {
  const folders = CANDIDATES.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return folders.find((folder) => existsSync(`${folder}/index.html`)) ?? null;
}

/** Not pages: asked for by programs, a wrong address is theirs to hear of. */
const PROGRAMS = /^\/(api|assets|health|metrics|problems|socket\.io)(\/|$|\?)/;
/** Vite names what is in here by its content. */
const HASHED = /\/assets\/[^/]+$/;

export async function servePages(app: NestFastifyApplication, folder: string): Promise<void> {
  // Loaded where there are pages only: jest can't load one of its dependencies (an ES module it requires).
  const { default: fastifyStatic } = await import('@fastify/static');
  await app.register(
    fastifyStatic as never,
    {
      root: folder,
      prefix: '/',
      preCompressed: true,
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (reply: FastifyReply, path: string) =>
        reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    } as never,
  );
}

/** Answers an address of the application with the application; false where the request is none of its. */
export function pageFallback(hasPages: boolean): PageFallback {
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (!wantsPage || PROGRAMS.test(request.url)) return false;
    if (hasPages) reply.code(200).header('cache-control', 'no-cache').sendFile('index.html');
    else
      reply
        .code(404)
        .type('text/plain; charset=utf-8')
        .send('The pages are not built: run `npm run build`. The API is at /api/docs.\n');
    return true;
  };
}
