// Draws client/media/icon.png (the marketplace takes no SVG) from client/media/icon.svg.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg, initWasm } from '@resvg/resvg-wasm';

const root = path.dirname(import.meta.dirname);
const media = path.join(root, 'client/media');
await initWasm(readFileSync(path.join(root, 'node_modules/@resvg/resvg-wasm/index_bg.wasm')));
const drawing = new Resvg(readFileSync(path.join(media, 'icon.svg'), 'utf8')).render();
writeFileSync(path.join(media, 'icon.png'), drawing.asPng());
