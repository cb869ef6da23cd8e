// details.js - the panel that tells all about the selected slice, and leads along its arrows.
import { element, row } from './dom.js';
import * as format from './format.js';
import { NONE } from './trace.js';

const MOST_ARROWS = 100;

export class Details {
  // @go(slice): when a line of an arrow is clicked.
  constructor(panel, trace, go) {
    Object.assign(this, { panel, trace, go });
  }

  #arrows(title, arrows, ends, distance) {
    const { trace } = this;
    const lines = [...arrows].filter((arrow) => ends[arrow] !== NONE).slice(0, MOST_ARROWS);
    if (!lines.length) return [];
    const list = element('ul', { className: 'arrows', data: { arrows: title } });
    for (const arrow of lines) {
      const slice = ends[arrow];
      const task = trace.task[slice] === NONE ? '' : ` ${trace.task[slice]}`;
      const text = `${trace.nameOf(slice)}${task} — ${trace.rowOf(slice).name}, ${distance(slice)}`;
      list.append(element('li', {}, element('a', { href: '#', data: { slice }, onclick: (e) => this.#follow(e, slice) }, text)));
    }
    const more = arrows.length > MOST_ARROWS ? ` (first ${MOST_ARROWS} of ${format.count(arrows.length)})` : '';
    return [element('h3', {}, title + more), list];
  }

  #follow(event, slice) {
    event.preventDefault();
    this.go(slice);
  }

  #facts(slice) {
    const { trace } = this;
    const table = element('table', { className: 'facts' });
    table.append(
      row('row', trace.rowOf(slice).name),
      row('category', trace.categoryOf(slice)),
      row('begin', format.exactTime(trace.begin[slice])),
    );
    if (!trace.instant[slice])
      table.append(
        row('end', format.exactTime(trace.end[slice])),
        row('length', `${format.exactTime(trace.length(slice))}`),
      );
    return table;
  }

  // Arguments come from the server: most slices are never asked for theirs. What was meant for a table that is gone by then
  // is dropped.
  async #arguments(slice, table) {
    const answer = await fetch(`/slice/${slice}`);
    if (!answer.ok) return;
    const detail = await answer.json();
    if (this.facts !== table) return;
    const exact = BigInt(detail['end ps']) - BigInt(detail['begin ps']);
    if (!this.trace.instant[slice]) table.append(row('exactly', format.picoseconds(exact)));
    for (const [name, value] of detail.args)
      if (name !== 'begin ps' && name !== 'end ps') table.append(row(name, value));
    this.panel.dataset.complete = slice;
  }

  show(slice) {
    const { trace, panel } = this;
    this.facts = undefined;
    delete panel.dataset.complete;
    if (slice === NONE) {
      panel.replaceChildren(element('p', { className: 'hint' }, 'Click a slice to see what it is.'));
      return;
    }
    const facts = (this.facts = this.#facts(slice));
    const before = (other) => `${format.time(trace.begin[slice] - trace.begin[other])} before`;
    const after = (other) => `${format.time(trace.begin[other] - trace.begin[slice])} after`;
    panel.replaceChildren(
      element('h2', {}, trace.nameOf(slice)),
      facts,
      ...this.#arrows('comes from', trace.incoming.of(slice), trace.flowFrom, before),
      ...this.#arrows('leads to', trace.outgoing.of(slice), trace.flowTo, after),
    );
    this.#arguments(slice, facts);
  }
}
