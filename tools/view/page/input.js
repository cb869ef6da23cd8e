// input.js - mouse and keys on the timeline.
import { AXIS, NAMES } from './timeline.js';
import { NONE } from './trace.js';

const CLICK = 3; // pixels a mouse may move in a click

function drags(timeline, onMove) {
  const { canvas } = timeline;
  let last;
  let moved = 0;
  canvas.addEventListener('pointerdown', (event) => {
    last = event;
    moved = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return onMove(event);
    moved += Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY);
    timeline.view.pan(last.clientX - event.clientX);
    timeline.view.top += last.clientY - event.clientY;
    last = event;
    timeline.redraw();
  });
  canvas.addEventListener('pointerup', () => (last = undefined));
  return () => moved > CLICK;
}

function wheel(timeline, event) {
  event.preventDefault();
  const { view } = timeline;
  if (event.ctrlKey || event.metaKey) view.zoom(Math.exp(event.deltaY / 400), Math.max(event.offsetX - NAMES, 0));
  else if (event.shiftKey) view.pan(event.deltaY || event.deltaX);
  else {
    view.pan(event.deltaX);
    view.top += event.deltaY;
  }
  timeline.redraw();
}

// What a key does; the pointer's place is what zooming keeps in place.
function keys(timeline, pointer, follow) {
  const { view } = timeline;
  const at = () => Math.min(Math.max(pointer.x - NAMES, 0), view.width);
  const pan = (share) => view.pan(share * view.width);
  return {
    w: () => view.zoom(0.7, at()),
    s: () => view.zoom(1 / 0.7, at()),
    '+': () => view.zoom(0.7, view.width / 2),
    '-': () => view.zoom(1 / 0.7, view.width / 2),
    a: () => pan(-0.15),
    d: () => pan(0.15),
    ArrowLeft: () => pan(-0.15),
    ArrowRight: () => pan(0.15),
    ArrowUp: () => (view.top -= 60),
    ArrowDown: () => (view.top += 60),
    PageUp: () => (view.top -= timeline.inside * 0.8),
    PageDown: () => (view.top += timeline.inside * 0.8),
    0: () => view.showAll(),
    Home: () => view.showAll(),
    f: () => timeline.selected !== NONE && timeline.reveal(timeline.selected),
    '[': () => follow('incoming'),
    ']': () => follow('outgoing'),
  };
}

// connect - @select(slice or NONE) when one is clicked; @follow('incoming' or 'outgoing') along the selection's first arrow.
export function connect(timeline, tip, select, follow) {
  const { canvas } = timeline;
  const pointer = { x: NAMES, y: AXIS };
  const dragged = drags(timeline, (event) => {
    [pointer.x, pointer.y] = [event.offsetX, event.offsetY];
    const { text, isName, row } = timeline.under(event.offsetX, event.offsetY);
    canvas.style.cursor = isName && row.group ? 'pointer' : 'default';
    tip.hidden = !text;
    tip.textContent = text ?? '';
    tip.style.left = `${event.offsetX + 14}px`;
    tip.style.top = `${event.offsetY + 14}px`;
  });
  canvas.addEventListener('pointerleave', () => (tip.hidden = true));
  canvas.addEventListener('wheel', (event) => wheel(timeline, event), { passive: false });
  canvas.addEventListener('click', (event) => {
    if (dragged()) return;
    const { row, slice, isName } = timeline.under(event.offsetX, event.offsetY);
    if (isName && row.group) timeline.layout.toggle(row);
    else if (!isName) select(slice ?? NONE);
    timeline.redraw();
  });
  const actions = keys(timeline, pointer, follow);
  addEventListener('keydown', (event) => {
    if (event.target.matches('input') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (canvas.hidden || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
    timeline.redraw();
  });
}
