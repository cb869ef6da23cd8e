// critical.js - the critical path of each launch, as `davsim report` finds it: hops that sum up to the launch's length.
import { element } from './dom.js';
import * as format from './format.js';

const SHOWN = 500; // hops that are listed

export class CriticalPath {
  // @kinds: names; @launches: lists of hops, each [kind, slice or -1, begin ps, end ps].
  constructor({ kinds, launches }) {
    this.kinds = kinds;
    this.hops = launches.flat().map(([kind, slice, begin, end]) => ({ kind: kinds[kind], slice, begin, end }));
    this.slices = new Set(this.hops.filter((hop) => hop.kind === 'kernel').map((hop) => hop.slice));
  }

  static async load() {
    const answer = await fetch('/critical');
    if (!answer.ok) throw new Error(`no critical path: the server says ${answer.status}`);
    return new CriticalPath(await answer.json());
  }

  #sums() {
    const all = this.hops.reduce((sum, hop) => sum + hop.end - hop.begin, 0);
    const table = element('table', { className: 'sums', id: 'shares' });
    table.append(element('tr', {}, ...['what', 'time', 'share'].map((heading) => element('th', {}, heading))));
    for (const kind of this.kinds) {
      const ps = this.hops.reduce((sum, hop) => sum + (hop.kind === kind ? hop.end - hop.begin : 0), 0);
      const cells = [kind, format.picoseconds(BigInt(ps)), `${((100 * ps) / all).toFixed(1)} %`];
      table.append(element('tr', { data: { ps } }, ...cells.map((cell) => element('td', {}, cell))));
    }
    return table;
  }

  // table - for @trace; a click on a hop leads to its task.
  table(trace, go) {
    const list = element('table', { className: 'sums', id: 'hops' });
    list.append(element('tr', {}, ...['hop', 'task', 'begin', 'length'].map((heading) => element('th', {}, heading))));
    for (const { kind, slice, begin, end } of this.hops.slice(0, SHOWN)) {
      const task = slice < 0 ? '' : `${trace.nameOf(slice)} ${trace.task[slice]}`;
      const cells = [kind, task, format.exactTime(begin / 1000), format.time((end - begin) / 1000)];
      list.append(
        element('tr', { onclick: () => slice >= 0 && go(slice), data: { slice } }, ...cells.map((cell) => element('td', {}, cell))),
      );
    }
    const more = this.hops.length > SHOWN ? ` (the first ${SHOWN} of ${format.count(this.hops.length)})` : '';
    return element('div', {}, element('h3', {}, 'What the launches are made of'), this.#sums(), element('h3', {}, 'Hops' + more), list);
  }
}
