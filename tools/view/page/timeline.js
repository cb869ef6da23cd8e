// timeline.js - the canvas: names of rows at the left, the axis at the top, rows between, the selection and its arrows.
import { Colours } from './colour.js';
import * as format from './format.js';
import { HEADING, LANE, Layout } from './layout.js';
import { paintCurve, paintInstants, paintLane, valueAt } from './paint.js';
import { NONE } from './trace.js';
import { View } from './view.js';

export const NAMES = 170; // pixels for the rows' names
export const AXIS = 24;
const TICK = 110; // pixels between two, at least
const FONT = '11px system-ui, sans-serif';

function stepFor(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least);
}

export class Timeline {
  constructor(canvas, trace) {
    this.canvas = canvas;
    this.trace = trace;
    this.view = new View(trace.first, trace.last);
    this.layout = new Layout(trace);
    this.colours = new Colours(trace);
    this.selected = NONE;
    this.found = new Set();
    this.critical = new Set();
    new ResizeObserver(() => this.redraw()).observe(canvas);
  }

  redraw() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      this.draw();
    });
  }

  #fit() {
    const { canvas, view, layout } = this;
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
    }
    view.width = Math.max(width - NAMES, 1);
    this.inside = Math.max(height - AXIS, 1);
    view.top = Math.max(Math.min(view.top, layout.height - this.inside), 0);
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = FONT;
    context.textBaseline = 'middle';
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    return context;
  }

  draw() {
    const started = performance.now();
    const context = this.#fit();
    const { view, layout, inside } = this;
    const bottom = view.top + inside;
    this.#axis(context, AXIS + inside);
    context.save();
    context.beginPath();
    context.rect(0, AXIS, NAMES + view.width, inside);
    context.clip();
    context.translate(0, AXIS - view.top);
    const places = layout.places.filter(({ y, height }) => y < bottom && y + height > view.top);
    context.save();
    context.beginPath();
    context.rect(NAMES, view.top, view.width, inside);
    context.clip();
    context.translate(NAMES, 0);
    for (const place of places) this.#row(context, place);
    this.#selection(context);
    context.restore();
    for (const place of places) this.#name(context, place);
    context.restore();
    this.drawTime = performance.now() - started;
  }

  #axis(context, height) {
    const { view } = this;
    const step = stepFor(((view.end - view.begin) * TICK) / view.width);
    const [size, unit] = format.unitOf(Math.max(Math.abs(view.end), step));
    const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
    const first = Math.ceil(view.begin / step) * step;
    for (let i = 0; i <= view.width / TICK; i++) {
      const time = first + i * step;
      if (time >= view.end) break;
      const x = NAMES + view.x(time);
      context.fillStyle = '#eceff2';
      context.fillRect(x, AXIS, 1, height);
      context.fillStyle = '#58636f';
      context.fillText(`${(time / size).toFixed(digits)} ${unit}`, x + 3, AXIS / 2);
    }
    context.fillStyle = '#cfd6dd';
    context.fillRect(0, AXIS - 1, NAMES + view.width, 1);
  }

  #row(context, place) {
    const { trace, view, colours } = this;
    const { row } = place;
    if (row.group) {
      context.fillStyle = '#f1f4f7';
      context.fillRect(0, place.y, view.width, HEADING);
    }
    if (row.samples[1]) paintCurve(context, trace, view, row, place);
    row.lanes.forEach((lane, depth) => paintLane(context, trace, view, colours, lane, place.lanesAt + depth * LANE));
    if (row.instants.length) paintInstants(context, trace, view, row, place.lanesAt);
    context.fillStyle = '#eceff2';
    context.fillRect(0, place.y + place.height - 1, view.width, 1);
  }

  #name(context, { row, y, height }) {
    let depth = 0;
    for (let at = row; (at = this.trace.rows[at.parent]); ) depth++;
    context.fillStyle = row.group ? '#f1f4f7' : '#fff';
    context.fillRect(0, y, NAMES, height);
    context.fillStyle = '#1d2733';
    context.font = row.group ? `600 ${FONT}` : FONT;
    const mark = row.group ? (this.layout.closed.has(row) ? '▸ ' : '▾ ') : '';
    context.fillText(mark + row.name, 8 + 12 * depth, y + (row.group ? HEADING : Math.min(height, LANE)) / 2, NAMES - 16);
    context.font = FONT;
    context.fillStyle = '#eceff2';
    context.fillRect(0, y + height - 1, NAMES, 1);
  }

  // boxOf - where @slice is, in the coordinates of rows; undefined if its row is closed.
  boxOf(slice) {
    const { trace, view } = this;
    const place = this.layout.byRow.get(trace.rowOf(slice));
    if (!place) return undefined;
    const x = view.x(trace.begin[slice]);
    const depth = trace.instant[slice] ? 0 : trace.depth[slice];
    return { x, y: place.lanesAt + depth * LANE, width: Math.max(view.x(trace.end[slice]) - x, 1) };
  }

  #outline(context, slice, colour) {
    const box = this.boxOf(slice);
    if (!box || box.x > this.view.width || box.x + box.width < 0) return;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.strokeRect(box.x - 1, box.y, box.width + 2, LANE - 1);
  }

  #selection(context) {
    const { trace, selected } = this;
    for (const slice of this.critical) this.#outline(context, slice, '#d9480f');
    if (this.found.size < 5000) for (const slice of this.found) this.#outline(context, slice, '#e0a100');
    if (selected === NONE) return;
    this.#outline(context, selected, '#111');
    for (const arrow of trace.incoming.of(selected)) this.#arrow(context, trace.flowFrom[arrow], selected, '#8a3ffc');
    for (const arrow of trace.outgoing.of(selected)) this.#arrow(context, selected, trace.flowTo[arrow], '#0f62fe');
  }

  // From the end of one slice to the begin of another. One that has not ended by then is left at its begin.
  #arrow(context, from, to, colour) {
    if (from === NONE || to === NONE) return;
    const { trace } = this;
    const a = this.boxOf(from);
    const b = this.boxOf(to);
    if (!a || !b) return;
    const x1 = trace.end[from] <= trace.begin[to] ? a.x + a.width : a.x;
    const [y1, x2, y2] = [a.y + LANE / 2, b.x, b.y + LANE / 2];
    const bend = Math.max(20, Math.min(Math.abs(x2 - x1) / 2, 120));
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 5, y2);
    context.stroke();
    context.beginPath();
    context.moveTo(x2, y2);
    context.lineTo(x2 - 7, y2 - 4);
    context.lineTo(x2 - 7, y2 + 4);
    context.fill();
  }

  // under - what is at pixel (x, y) of the canvas: {row, slice, text}, of which any may be missing.
  under(x, y) {
    const place = y >= AXIS ? this.layout.at(y - AXIS + this.view.top) : undefined;
    if (!place) return {};
    const { trace, view } = this;
    const { row } = place;
    if (x < NAMES) return { row, isName: true };
    const time = view.time(x - NAMES);
    if (row.samples[1]) return { row, text: `${row.name}: ${valueAt(trace, row, time) ?? '–'} ${row.unit ?? ''}` };
    const slack = view.time(3) - view.time(0);
    const depth = Math.floor((y - AXIS + view.top - place.lanesAt) / LANE);
    let slice = row.instants.find((i) => Math.abs(trace.begin[i] - time) <= slack && depth === 0) ?? NONE;
    if (slice === NONE) slice = trace.find(row, depth, time, 0);
    if (slice === NONE) slice = trace.find(row, depth, time, slack);
    if (slice === NONE) return { row };
    return { row, slice, text: `${trace.nameOf(slice)}  ${format.time(trace.length(slice))}` };
  }

  // reveal - bring @slice onto the screen, at a size at which it can be seen.
  reveal(slice) {
    const { trace, view } = this;
    const place = this.layout.placeOf(trace.rowOf(slice));
    const length = Math.max(trace.length(slice), 1);
    const box = this.boxOf(slice);
    if (box.x < 0 || box.x + box.width > view.width || box.width < 8) {
      const middle = (trace.begin[slice] + trace.end[slice]) / 2;
      const span = Math.max(Math.min(view.end - view.begin, length * 40), length * 4);
      view.show(middle - span / 2, middle + span / 2);
    }
    if (place.y < view.top || place.y + place.height > view.top + this.inside)
      view.top = Math.max(place.y - this.inside / 2, 0);
    this.redraw();
  }
}
