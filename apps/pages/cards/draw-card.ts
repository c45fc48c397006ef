/** Draws a card's SVG as PNG, with the fonts of the project: no font of the machine, no address from outside. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const { resolve } = createRequire(import.meta.url);
const FONTS = ['400Regular/Inter_400Regular.ttf', '700Bold/Inter_700Bold.ttf'];

interface Drawing {
  readonly fonts: readonly Uint8Array[];
}

let prepared: Promise<Drawing> | null = null;

async function prepare(): Promise<Drawing> {
  await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return { fonts: await Promise.all(FONTS.map((font) => readFile(resolve(`@expo-google-fonts/inter/${font}`)))) };
}

export async function drawPng(svg: string): Promise<Buffer> {
  prepared ??= prepare();
  const { fonts } = await prepared;
  const drawing = new Resvg(svg, { font: { fontBuffers: [...fonts], defaultFontFamily: 'Inter' } });
  const image = drawing.render();
  try {
    return Buffer.from(image.asPng());
  } finally {
    image.free();
    drawing.free();
  }
}
