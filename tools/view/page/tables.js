// tables.js - what the slices sum up to: kernels, cores, slowest tasks. A click on a line leads to the timeline.
import { element } from './dom.js';
import * as format from './format.js';

const SLOWEST = 100;

// Tasks; in a trace that knows none, all slices.
function tasksOf(trace) {
  const tasks = trace.ofCategory('task');
  return tasks.length ? tasks : Array.from({ length: trace.count }, (_, i) => i).filter((i) => !trace.instant[i]);
}

function grouped(trace, slices, keyOf) {
  const groups = new Map();
  for (const slice of slices) {
    const key = keyOf(slice);
    const length = trace.length(slice);
    const group = groups.get(key);
    if (!group) groups.set(key, { key, count: 1, total: length, least: length, most: length, longest: slice });
    else {
      group.count++;
      group.total += length;
      group.least = Math.min(group.least, length);
      if (length > group.most) [group.most, group.longest] = [length, slice];
    }
  }
  return [...groups.values()].sort((a, b) => b.total - a.total);
}

function table(headings, lines, go) {
  const made = element('table', { className: 'sums' });
  made.append(element('tr', {}, ...headings.map((heading) => element('th', {}, heading))));
  for (const { cells, slice } of lines)
    made.append(
      element('tr', { onclick: () => go(slice), data: { slice } }, ...cells.map((cell) => element('td', {}, String(cell)))),
    );
  return made;
}

export function kernels(trace, go) {
  const groups = grouped(trace, tasksOf(trace), (slice) => trace.name[slice]);
  const all = groups.reduce((sum, group) => sum + group.total, 0) || 1;
  const lines = groups.map(({ key, count, total, least, most, longest }) => ({
    slice: longest,
    cells: [trace.strings[key], format.count(count), format.time(total), `${((100 * total) / all).toFixed(1)} %`,
      format.time(total / count), format.time(least), format.time(most)],
  }));
  return table(['kernel', 'tasks', 'total', 'share', 'average', 'shortest', 'longest'], lines, go);
}

export function cores(trace, go) {
  const launches = trace.ofCategory('launch');
  const span = launches.reduce((sum, slice) => sum + trace.length(slice), 0) || trace.last - trace.first;
  const lines = grouped(trace, tasksOf(trace), (slice) => trace.rowOf(slice)).map(({ key, count, total, longest }) => ({
    slice: longest,
    cells: [key.name, format.count(count), format.time(total), `${((100 * total) / span).toFixed(2)} %`],
  }));
  return table(['core', 'tasks', 'busy', launches.length ? 'of the launches' : 'of the trace'], lines, go);
}

export function slowest(trace, go) {
  const tasks = tasksOf(trace);
  tasks.sort((a, b) => trace.length(b) - trace.length(a) || a - b);
  const lines = tasks.slice(0, SLOWEST).map((slice) => ({
    slice,
    cells: [trace.nameOf(slice), trace.task[slice] === 0xffffffff ? '' : trace.task[slice], trace.rowOf(slice).name,
      format.exactTime(trace.begin[slice]), format.exactTime(trace.length(slice))],
  }));
  return table(['kernel', 'task', 'core', 'begin', 'length'], lines, go);
}
