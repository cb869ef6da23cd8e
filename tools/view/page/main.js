// main.js - puts the page together.
import { CriticalPath } from './critical.js';
import { Details } from './details.js';
import { element } from './dom.js';
import { find } from './find.js';
import * as format from './format.js';
import { Graph } from './graph.js';
import { connect } from './input.js';
import { openInPerfetto } from './perfetto.js';
import * as tables from './tables.js';
import { NAMES, Timeline } from './timeline.js';
import { NONE, Trace } from './trace.js';

const $ = (id) => document.getElementById(id);
const SHOWN = 200; // results of a search that are listed

class Page {
  constructor(trace) {
    this.trace = trace;
    this.timeline = new Timeline($('timeline'), trace);
    this.details = new Details($('details'), trace, (slice) => this.go(slice));
    this.graph = new Graph($('graph'), trace, this.timeline.view, (slice) => this.select(slice));
    this.results = [];
    this.place = 0;
    $('title').textContent = trace.title;
    $('size').textContent = `${format.count(trace.count)} slices, ${format.time(trace.last - trace.first)}`;
    connect(this.timeline, $('tip'), (slice) => this.select(slice), (way) => this.follow(way));
    this.#tabs();
    this.#search();
    this.select(NONE);
    $('perfetto').onclick = () =>
      openInPerfetto(trace.title).catch((error) => ($('size').textContent = `Perfetto: ${error.message}`));
  }

  select(slice) {
    this.timeline.selected = this.graph.selected = slice;
    this.details.show(slice);
    this.timeline.redraw();
    this.graph.draw();
  }

  // go - select @slice and bring it onto the screen.
  go(slice) {
    this.tab('timeline');
    this.select(slice);
    this.timeline.reveal(slice);
  }

  follow(way) {
    const { trace, timeline } = this;
    if (timeline.selected === NONE) return;
    const ends = way === 'incoming' ? trace.flowFrom : trace.flowTo;
    const arrow = [...trace[way].of(timeline.selected)].find((a) => ends[a] !== NONE);
    if (arrow !== undefined) this.go(ends[arrow]);
  }

  #tabs() {
    const go = (slice) => this.go(slice);
    this.fill = {
      kernels: () => tables.kernels(this.trace, go),
      cores: () => tables.cores(this.trace, go),
      slowest: () => tables.slowest(this.trace, go),
      critical: () => this.critical.table(this.trace, go),
    };
    for (const button of document.querySelectorAll('nav button')) button.onclick = () => this.tab(button.value);
    if (this.graph.isEmpty) document.querySelector('nav button[value=graph]').disabled = true;
  }

  tab(name) {
    for (const button of document.querySelectorAll('nav button')) button.classList.toggle('on', button.value === name);
    for (const id of ['timeline', 'graph']) $(id).hidden = id !== name;
    $('tip').hidden = true;
    $('table').hidden = !this.fill[name];
    if (this.fill[name]) $('table').replaceChildren(this.fill[name]());
    if (name === 'graph') {
      this.graph.open();
      this.graph.draw();
    } else {
      this.timeline.redraw();
    }
  }

  #search() {
    const input = $('search');
    let timer;
    input.oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.search(input.value), 150);
    };
    input.onkeydown = (event) => {
      if (event.key === 'Escape') {
        input.value = '';
        this.search('');
        input.blur();
      }
      if (event.key !== 'Enter') return;
      clearTimeout(timer);
      if (this.searched !== input.value) this.search(input.value);
      else this.#next(event.shiftKey ? -1 : 1);
    };
    addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.target === input) return;
      event.preventDefault();
      input.focus();
    });
  }

  search(text) {
    this.searched = text;
    this.results = find(this.trace, text);
    this.place = 0;
    this.timeline.found = new Set(this.results);
    this.#list();
    if (this.results.length) this.go(this.results[0]);
    else this.timeline.redraw();
  }

  #next(by) {
    if (!this.results.length) return;
    this.place = (this.place + by + this.results.length) % this.results.length;
    this.#list();
    this.go(this.results[this.place]);
  }

  #list() {
    const { trace, results } = this;
    $('found').textContent = this.searched ? `${results.length ? this.place + 1 : 0} of ${format.count(results.length)}` : '';
    $('results').replaceChildren(
      ...results.slice(0, SHOWN).map((slice, i) =>
        element(
          'li',
          { className: i === this.place ? 'on' : '', data: { slice }, onclick: () => ((this.place = i), this.#list(), this.go(slice)) },
          `${trace.nameOf(slice)}${trace.task[slice] === NONE ? '' : ` ${trace.task[slice]}`} — ${trace.rowOf(slice).name}`,
        ),
      ),
    );
  }

  // light - the critical path, on the timeline and in the graph.
  light(critical) {
    this.critical = critical;
    this.timeline.critical = this.graph.critical = critical.slices;
    document.querySelector('nav button[value=critical]').disabled = critical.hops.length === 0;
    this.timeline.redraw();
    this.graph.draw();
  }

  // pixelOf - where @slice is in the window.
  pixelOf(slice) {
    const box = this.timeline.boxOf(slice);
    const canvas = $('timeline').getBoundingClientRect();
    return { x: canvas.x + NAMES + box.x + box.width / 2, y: canvas.y + 24 + box.y - this.timeline.view.top + 8 };
  }
}

async function start() {
  const answer = await fetch('/timeline');
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  const page = new Page(new Trace(await answer.arrayBuffer()));
  window.page = page; // for the browser's console, and for tests
  page.tab('timeline');
  document.body.classList.add('ready');
  page.light(await CriticalPath.load());
  document.body.classList.add('complete');
}

start().catch((error) => ($('size').textContent = `cannot show the trace: ${error.message}`));
