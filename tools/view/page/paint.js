// paint.js - slices and curves on the canvas. What is narrower than a pixel is not drawn one by one: all slices of a lane
// that begin in a pixel become one bar, as opaque as they cover it, so the work depends on pixels, not on slices.
import { LANE } from './layout.js';
import { search } from './trace.js';

const NARROW = 1.5; // pixels
const SHADES = 8;
const LABEL = 30; // pixels, the least that a name is written in
const FONT_WIDTH = 6.3;

function shade(coverage) {
  return 0.25 + (0.75 * Math.ceil(Math.min(coverage, 1) * SHADES)) / SHADES;
}

function label(context, text, x, width, y) {
  const room = Math.floor((width - 6) / FONT_WIDTH);
  context.fillStyle = '#1d2733';
  context.fillText(text.length > room ? text.slice(0, Math.max(room - 1, 1)) + '…' : text, x + 3, y + LANE / 2);
}

// Slices of items[i..] that begin before the next pixel are one bar. Returns where the next one begins.
function paintPixel(context, trace, view, colours, lane, i, y) {
  const { begin, end, items, busy } = trace;
  const x = Math.floor(view.x(begin[items[i]]));
  const limit = view.time(x + 1);
  let next = search(i + 1, lane.to, (k) => begin[items[k]] >= limit);
  const last = items[next - 1]; // may reach far beyond, then it is drawn for itself
  if (next - 1 > i && view.x(end[last]) - view.x(begin[last]) >= NARROW) next--;
  context.globalAlpha = shade((busy[next] - busy[i]) / (limit - view.time(x)));
  context.fillStyle = colours.of(items[i]);
  context.fillRect(x, y, 1, LANE - 1);
  context.globalAlpha = 1;
  return next;
}

export function paintLane(context, trace, view, colours, lane, y) {
  const { begin, end, items } = trace;
  let i = search(lane.from, lane.to, (k) => end[items[k]] >= view.begin);
  while (i < lane.to && begin[items[i]] < view.end) {
    const slice = items[i];
    const left = Math.max(view.x(begin[slice]), -2);
    const width = Math.min(view.x(end[slice]), view.width + 2) - left;
    if (width < NARROW) {
      i = paintPixel(context, trace, view, colours, lane, i, y);
      continue;
    }
    context.fillStyle = colours.of(slice);
    context.fillRect(left, y, width - (width > 4 ? 0.5 : 0), LANE - 1);
    if (width > LABEL) label(context, trace.nameOf(slice), Math.max(left, 0), width + Math.min(left, 0), y);
    i++;
  }
}

export function paintInstants(context, trace, view, row, y) {
  const list = row.instants;
  let lastX = -1;
  context.fillStyle = '#a33d3d';
  for (let i = search(0, list.length, (k) => trace.begin[list[k]] >= view.begin); i < list.length; i++) {
    const x = Math.round(view.x(trace.begin[list[i]]));
    if (x > view.width) break;
    if (x === lastX) continue;
    lastX = x;
    context.beginPath();
    context.moveTo(x, y + 3);
    context.lineTo(x + 4, y + LANE - 3);
    context.lineTo(x - 4, y + LANE - 3);
    context.fill();
  }
}

// The curve's greatest value, found once.
function topOf(trace, row) {
  if (row.most === undefined) {
    const [first, count] = row.samples;
    row.most = 0;
    for (let i = first; i < first + count; i++) row.most = Math.max(row.most, trace.sampleValue[i]);
  }
  return row.most || 1;
}

export function paintCurve(context, trace, view, row, place) {
  const { sampleTime, sampleValue } = trace;
  const [first, count] = row.samples;
  const base = place.y + place.height - 4;
  const scale = (place.height - 10) / topOf(trace, row);
  let i = search(first, first + count, (k) => sampleTime[k] > view.begin) - 1;
  context.fillStyle = '#7aa5d8';
  for (i = Math.max(i, first); i < first + count && sampleTime[i] < view.end; ) {
    const x = Math.max(Math.floor(view.x(sampleTime[i])), 0);
    let most = sampleValue[i];
    let next = i + 1;
    for (; next < first + count && Math.floor(view.x(sampleTime[next])) <= x; next++)
      most = Math.max(most, sampleValue[next]);
    // A point holds until the next; the highest one of a pixel is shown in that pixel, the latest one after it.
    const until = next < first + count ? Math.min(view.x(sampleTime[next]), view.width) : view.width;
    context.fillRect(x, base - most * scale, 1, most * scale);
    context.fillRect(x + 1, base - sampleValue[next - 1] * scale, Math.floor(until) - x - 1, sampleValue[next - 1] * scale);
    i = next;
  }
  context.fillStyle = '#58636f';
  context.fillText(`${row.most} ${row.unit ?? ''}`, 4, place.y + 8);
}

export function valueAt(trace, row, time) {
  const [first, count] = row.samples;
  const i = search(first, first + count, (k) => trace.sampleTime[k] > time) - 1;
  return i >= first ? trace.sampleValue[i] : undefined;
}
