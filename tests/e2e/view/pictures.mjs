// pictures.mjs ADDRESS FOLDER - the pictures of the README, from the page of `davsim view` on a trace of examples/transformer:
// FOLDER/timeline.png, a task on the critical path with its arrows, and FOLDER/graph.png, the graph with that path.
import assert from 'node:assert/strict';
import path from 'node:path';
import { openPage } from './open.mjs';

const [address, folder] = process.argv.slice(2);
const { context, page, errors } = await openPage(folder, address);

// The task in the middle of the critical path, with the time around it on the screen.
async function middle() {
  await page.evaluate(() => {
    const { critical, timeline, trace } = window.page;
    const tasks = [...critical.slices].sort((a, b) => trace.begin[a] - trace.begin[b]);
    const slice = tasks[Math.floor(tasks.length / 2)];
    window.page.go(slice);
    const length = (trace.last - trace.first) / 12;
    timeline.view.show(trace.begin[slice] - length, trace.begin[slice] + length);
    timeline.redraw();
  });
  await page.waitForFunction(() => document.getElementById('details').dataset.complete === String(window.page.timeline.selected));
}

async function picture(name, height) {
  await page.setViewportSize({ width: 1200, height });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

try {
  await page.waitForFunction(() => window.page.critical?.slices.size > 0);
  await middle();
  assert.ok((await page.locator('#details [data-arrows="comes from"] a').count()) > 1, 'arrows to the task');
  await picture('timeline', 640);
  await page.click('nav button[value=graph]');
  await picture('graph', 420);
  assert.deepEqual(errors, []);
} finally {
  await context.close();
}
