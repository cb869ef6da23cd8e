// browser.mjs ADDRESS EXPECTED.json REPORT.json TRACE FOLDER - use the page of `davsim view` in Chromium as a person does, with mouse
// and keys, and compare what it shows with numbers from the trace and from `davsim report`. Leaves screenshots in FOLDER.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openPage } from './open.mjs';

const [address, expectedFile, reportFile, traceFile, folder] = process.argv.slice(2);
const [expected, report] = [expectedFile, reportFile].map((file) => JSON.parse(readFileSync(file, 'utf8')));
const nanoseconds = (ns) => `${ns.toLocaleString('en')} ns`;

const span = (page) => page.evaluate('window.page.timeline.view.end - window.page.timeline.view.begin');
const begin = (page) => page.evaluate('window.page.timeline.view.begin');

// What the details panel says, once it has the arguments too.
async function details(page) {
  await page.waitForFunction(() => document.getElementById('details').dataset.complete === String(window.page.timeline.selected));
  return page.evaluate(() => ({
    title: document.querySelector('#details h2').textContent,
    facts: Object.fromEntries(
      [...document.querySelectorAll('#details .facts tr')].map((row) => [...row.cells].map((cell) => cell.textContent)),
    ),
  }));
}

function checkDetails(shown, slice) {
  assert.equal(shown.title, slice.name);
  assert.equal(shown.facts.row, slice.row);
  assert.equal(shown.facts.category, slice.category);
  assert.equal(shown.facts.begin, nanoseconds(slice.begin));
  assert.equal(shown.facts.end, nanoseconds(slice.end));
  assert.equal(shown.facts.length, nanoseconds(slice.end - slice.begin));
  const { args } = slice;
  const ps = (slice.end - slice.begin) * 1000 + Number(args['end ps']) - Number(args['begin ps']);
  assert.equal(shown.facts.exactly.replaceAll(',', ''), `${(ps / 1000).toFixed(3)} ns`);
  for (const name of ['task', 'func', 'core', 'cycle', 'cycles']) assert.equal(shown.facts[name], args[name], name);
}

async function search(page, text) {
  await page.fill('#search', text);
  await page.press('#search', 'Enter');
  await page.evaluate(() => document.getElementById('search').blur());
}

async function zoomAndPan(page, canvas) {
  const all = await span(page);
  await page.mouse.move(canvas.x + 600, canvas.y + 200);
  await page.keyboard.press('w');
  assert.ok(Math.abs((await span(page)) / all - 0.7) < 1e-9, 'w zooms in');
  const [from, width] = [await begin(page), await span(page)];
  await page.keyboard.press('d');
  assert.ok((await begin(page)) > from, 'd goes right');
  await page.keyboard.press('ArrowLeft');
  assert.ok(Math.abs((await begin(page)) - from) < 1e-6 * width, 'left arrow goes back');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await page.waitForFunction((before) => window.page.timeline.view.end - window.page.timeline.view.begin < before, width);
  const [before, closer] = [await begin(page), await span(page)];
  await page.mouse.down();
  await page.mouse.move(canvas.x + 500, canvas.y + 200, { steps: 4 });
  await page.mouse.up();
  const perPixel = closer / (canvas.width - 170);
  assert.ok(Math.abs((await begin(page)) - before - 100 * perPixel) < perPixel, 'what is dragged follows the mouse');
  await page.mouse.wheel(0, 300);
  await page.waitForFunction(() => window.page.timeline.view.top > 0);
  await page.keyboard.press('0');
  assert.equal(await span(page), all, '0 shows all');
}

// The last task of the graph by its number, its details, its producer along an arrow, and back by a click on the canvas.
async function followArrow(page) {
  const { last, producers, dispatches } = expected;
  await search(page, `task ${last.args.task}`);
  checkDetails(await details(page), last);
  await page.screenshot({ path: path.join(folder, 'task.png') });

  const links = await page.locator('#details [data-arrows="comes from"] a').allTextContents();
  assert.equal(links.length, producers.length + dispatches.length);
  for (const from of [...producers, ...dispatches])
    assert.ok(links.some((link) => link.startsWith(`${from.name} ${from.args.task} — ${from.row}`)), `${links}: no ${from.row}`);
  const { name, args, row } = producers[0];
  await page.locator('#details a', { hasText: `${name} ${args.task} — ${row}` }).click();
  checkDetails(await details(page), producers[0]);

  const selected = await page.evaluate('window.page.timeline.selected');
  await page.keyboard.press(']');
  assert.notEqual(await page.evaluate('window.page.timeline.selected'), selected, '] leads along an arrow');
  await page.keyboard.press('[');
  await page.evaluate((slice) => window.page.go(slice), selected);
  const at = await drawnAt(page, selected);
  await page.mouse.click(5, 5); // elsewhere
  await page.evaluate('window.page.select(0xffffffff)');
  await page.mouse.click(at.x, at.y);
  checkDetails(await details(page), producers[0]);
}

// Where a slice is on the screen; what is drawn there, above its name, has the slice's colour.
async function drawnAt(page, slice) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const at = await page.evaluate((s) => window.page.pixelOf(s), slice);
  const [drawn, wanted] = await page.evaluate(({ x, y, slice }) => {
    const canvas = document.getElementById('timeline');
    const box = canvas.getBoundingClientRect();
    const pixel = canvas.getContext('2d').getImageData(x - box.x, y - box.y - 6, 1, 1).data;
    const other = document.createElement('canvas').getContext('2d');
    other.fillStyle = window.page.timeline.colours.of(slice);
    other.fillRect(0, 0, 1, 1);
    return [[...pixel], [...other.getImageData(0, 0, 1, 1).data]];
  }, { ...at, slice });
  assert.deepEqual(drawn, wanted, 'the colour of the slice');
  return at;
}

async function tables(page) {
  const lines = async (tab) => {
    await page.click(`nav button[value=${tab}]`);
    return page.evaluate(() => [...document.querySelectorAll('#table tr')].slice(1).map((row) => [...row.cells].map((c) => c.textContent)));
  };
  const kernels = await lines('kernels');
  assert.equal(kernels.length, Object.keys(expected.kernels).length);
  for (const [name, count, total] of kernels) {
    assert.equal(Number(count.replaceAll(',', '')), expected.kernels[name][0], name);
    const [value, unit] = total.split(' ');
    const ns = Number(value) * { ns: 1, µs: 1e3, ms: 1e6 }[unit];
    assert.ok(Math.abs(ns / expected.kernels[name][1] - 1) < 1e-3, `${name}: ${total}`);
  }
  assert.equal((await lines('cores')).length, expected.cores);
  const slowest = await lines('slowest');
  assert.equal(slowest[0].at(-1), nanoseconds(expected.longest));
  await page.click('#table tr:nth-child(2)');
  assert.equal((await details(page)).facts.length, nanoseconds(expected.longest), 'a line leads to its slice');
}

// The shares of the critical path as the report has them; its tasks are lit; a hop leads to its task.
async function critical(page) {
  await page.click('nav button[value=critical]');
  const shares = await page.evaluate(() => Object.fromEntries(
    [...document.querySelectorAll('#shares tr[data-ps]')].map((row) => [row.cells[0].textContent, Number(row.dataset.ps)])));
  const { tasks, ...reported } = report.critical_path;
  const key = (kind) => `${kind.replaceAll(/[ -]/g, '_')}_ps`;
  assert.deepEqual(Object.fromEntries(Object.entries(shares).map(([kind, ps]) => [key(kind), ps])), reported);
  assert.equal(Object.values(shares).reduce((sum, ps) => sum + ps, 0), report.launch_ps, 'hops sum up to the launch');
  const lit = await page.evaluate(() => window.page.graph.critical.size);
  assert.ok(lit > 0 && lit === tasks, `${lit} of ${tasks} tasks are lit`);
  await page.locator('#hops tr', { hasText: /^kernel/ }).last().click();
  checkDetails(await details(page), expected.finish);
}

async function graph(page) {
  await page.click('nav button[value=graph]');
  const { nodes, edges } = await page.evaluate(() => {
    const { nodes, edges } = window.page.graph.graph;
    return { nodes: nodes.length, edges: edges.length };
  });
  assert.deepEqual([nodes, edges], [expected.tasks, expected.edges]);
  await page.screenshot({ path: path.join(folder, 'graph.png') });
  // A click on the place of task 0 selects it.
  const at = await page.evaluate(() => {
    const { trace, graph } = window.page;
    const node = graph.graph.nodes.findIndex((slice) => trace.task[slice] === 0);
    const box = document.getElementById('graph').getBoundingClientRect();
    return { x: box.x + graph.places.x[node] * graph.scale + graph.offset[0],
      y: box.y + graph.places.y[node] * graph.scale + graph.offset[1] };
  });
  await page.mouse.click(at.x, at.y);
  assert.equal((await details(page)).facts.task, '0');
}

// A page in the place of ui.perfetto.dev, which answers as its documentation says and keeps what it is given.
const STAND_IN = `<script>
  addEventListener('message', (event) => {
    if (event.data === 'PING') event.source.postMessage('PONG', event.origin);
    else if (event.data.perfetto) window.given = event.data.perfetto;
  });
</script>`;

async function perfetto(page, context) {
  await context.route('https://ui.perfetto.dev/**', (route) => route.fulfill({ contentType: 'text/html', body: STAND_IN }));
  const [tab] = await Promise.all([context.waitForEvent('page'), page.click('#perfetto')]);
  await tab.waitForFunction(() => window.given);
  const given = await tab.evaluate(() => ({ ...window.given, buffer: [...new Uint8Array(window.given.buffer)] }));
  assert.ok(Buffer.from(given.buffer).equals(readFileSync(traceFile)), 'Perfetto gets the trace');
  assert.equal(given.fileName, path.basename(traceFile));
}

const { context, page, errors, asked } = await openPage(folder, address);
try {
  assert.equal(await page.evaluate('window.page.trace.count'), expected.slices);
  const canvas = await page.locator('#timeline').boundingBox();
  await zoomAndPan(page, canvas);
  await followArrow(page);
  await tables(page);
  await critical(page);
  await graph(page);
  assert.deepEqual(asked.filter((url) => !url.startsWith(address) && !url.startsWith('data:')), [], 'nothing from elsewhere');
  await perfetto(page, context);
  assert.deepEqual(errors, []);
  console.log('the page shows what the trace holds');
} finally {
  await context.close();
}
