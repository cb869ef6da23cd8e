// large.mjs ADDRESS TASKS FOLDER - a graph of more tasks than can be drawn: it shows some of those that the timeline shows.
import assert from 'node:assert/strict';
import { openPage } from './open.mjs';

const [address, tasks, folder] = process.argv.slice(2);
const { context, page, errors } = await openPage(folder, address);

const drawn = async () => {
  await page.click('nav button[value=timeline]');
  await page.click('nav button[value=graph]');
  return page.evaluate(() => {
    const { trace, timeline, graph } = window.page;
    const { nodes, edges } = graph.graph;
    const outside = nodes.filter((n) => trace.end[n] < timeline.view.begin || trace.begin[n] > timeline.view.end);
    return { nodes: nodes.length, edges: edges.length, outside: outside.length, all: graph.tasks.length };
  });
};

try {
  const whole = await drawn();
  assert.equal(whole.all, Number(tasks));
  assert.ok(whole.nodes < whole.all && whole.nodes >= 1000 && whole.edges > 0, JSON.stringify(whole));
  await page.evaluate(() => {
    const { trace, timeline } = window.page;
    const middle = (trace.first + trace.last) / 2;
    timeline.view.show(middle, middle + (trace.last - trace.first) / 50);
  });
  const part = await drawn();
  assert.ok(part.nodes > 0 && part.nodes < whole.nodes && part.outside === 0, JSON.stringify(part));
  assert.deepEqual(errors, []);
} finally {
  await context.close();
}
