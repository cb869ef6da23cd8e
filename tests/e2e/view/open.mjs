// open.mjs - the page of `davsim view` in Chromium.
import { createRequire } from 'node:module';
import path from 'node:path';

const { chromium } = createRequire(path.join(process.env.NODE_MODULES, 'none'))('playwright-core');

// openPage - at @address, with a new profile in @folder. @errors: what went wrong in the page; @asked: what it asked for.
export async function openPage(folder, address) {
  const context = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM,
    viewport: { width: 1400, height: 800 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  const page = await context.newPage();
  const errors = [];
  const asked = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  page.setDefaultTimeout(30_000);
  await page.goto(address);
  await page.waitForSelector('body.complete');
  return { context, page, errors, asked };
}
