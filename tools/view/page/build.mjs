// build.mjs OUTPUT - the page as one file, from index.html, style.css and main.js with what it imports. The same sources
// give the same bytes. `make view-page` runs it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';

const folder = path.dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(path.join(process.env.NODE_MODULES, 'none'))('esbuild');

const script = esbuild.buildSync({
  entryPoints: ['main.js'],
  absWorkingDir: folder,
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
}).outputFiles[0].text;
const style = esbuild.transformSync(readFileSync(path.join(folder, 'style.css'), 'utf8'), { loader: 'css', minify: true });
const page = readFileSync(path.join(folder, 'index.html'), 'utf8')
  .replace('/* style.css */', () => style.code.trim())
  .replace('/* main.js */', () => script.trim().replaceAll('</script', '<\\/script'));
writeFileSync(process.argv[2], page);
