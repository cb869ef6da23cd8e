// many.mjs ADDRESS SLICES FOLDER - a foreign trace with many slices and unfriendly names (many.py): however many there are,
// a picture takes no more bars than there are pixels, and none is lost in it.
import assert from 'node:assert/strict';
import { openPage } from './open.mjs';

const [address, slices, folder] = process.argv.slice(2);
const { context, page, errors } = await openPage(folder, address);

// Bars drawn for the whole timeline, or what of it lies between two times.
const bars = (begin, end) =>
  page.evaluate(([begin, end]) => {
    const { timeline } = window.page;
    const fill = CanvasRenderingContext2D.prototype.fillRect;
    let count = 0;
    CanvasRenderingContext2D.prototype.fillRect = function (...box) {
      count++;
      fill.apply(this, box);
    };
    if (end) timeline.view.show(begin, end);
    else timeline.view.showAll();
    timeline.draw();
    CanvasRenderingContext2D.prototype.fillRect = fill;
    return count;
  }, [begin, end]);

try {
  assert.equal(await page.evaluate('window.page.trace.count'), Number(slices));
  const width = await page.evaluate('window.page.timeline.view.width');
  const most = 2 * width + 200; // two lanes, and what is not slices
  assert.ok((await bars()) < most, 'the whole');
  const tenth = Number(slices) / 10;
  const seen = await bars(1000 * tenth, 1000 * (tenth + 50)); // 50 slices, each 1000 ns after the one before
  assert.ok(seen >= 50 && seen < 300, `${seen} bars for 50 slices`);

  // The last one is found, by its name, which is no markup.
  await page.fill('#search', 'the last');
  await page.press('#search', 'Enter');
  await page.waitForSelector('#details[data-complete] h2');
  assert.equal(await page.textContent('#details h2'), '<img src=x onerror="window.harm=1"> the last');
  assert.equal(await page.evaluate('window.harm'), undefined);
  assert.equal(await page.locator('#details img').count(), 0);
  for (const tab of ['kernels', 'cores', 'slowest']) await page.click(`nav button[value=${tab}]`);
  assert.ok(await page.isDisabled('nav button[value=graph]'), 'no tasks, no graph');
  assert.deepEqual(errors, []);
} finally {
  await context.close();
}
