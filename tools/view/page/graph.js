// graph.js - the graph of tasks as layers: a task stands right of all that it waits for. Within a layer tasks stand near
// those they depend on, by a few sweeps that sort them by the mean place of their neighbours. Of very many tasks only those
// that the timeline shows are drawn.
import { Colours } from './colour.js';
import * as format from './format.js';
import { NONE } from './trace.js';

const SWEEPS = 4;
const SIDE = 34; // between tasks, in the graph's own units
const ACROSS = 120; // between layers
const NODE = { width: 84, height: 22 };
const DETAIL = 0.45; // scale below which tasks have no names
const MOST = 5000; // tasks that are drawn

// Edges between tasks: from and to are indices into nodes, which are slices of @tasks; @part: there are more tasks, of which
// the nodes are those that begin first between two times.
function taskGraph(trace, tasks, { begin, end }) {
  const part = tasks.length > MOST;
  let nodes = tasks;
  if (part) {
    nodes = tasks.filter((slice) => trace.end[slice] >= begin && trace.begin[slice] <= end);
    nodes.sort((a, b) => trace.begin[a] - trace.begin[b] || a - b);
    nodes = nodes.slice(0, MOST).sort((a, b) => a - b);
  }
  const at = new Map(nodes.map((slice, i) => [slice, i]));
  const edges = [];
  trace.flowFrom.forEach((from, arrow) => {
    if (at.has(from) && at.has(trace.flowTo[arrow])) edges.push([at.get(from), at.get(trace.flowTo[arrow])]);
  });
  return { nodes, edges, part };
}

// A task's layer: one more than the highest before it. Tasks end before those that wait for them begin, so in order of
// their begin each finds its predecessors done.
function layersOf(trace, { nodes, edges }) {
  const layer = new Uint32Array(nodes.length);
  const byTarget = [...edges].sort((a, b) => trace.begin[nodes[a[1]]] - trace.begin[nodes[b[1]]]);
  for (const [from, to] of byTarget) layer[to] = Math.max(layer[to], layer[from] + 1);
  return layer;
}

function place(trace, graph) {
  const layer = layersOf(trace, graph);
  const layers = [];
  layer.forEach((l, node) => (layers[l] ??= []).push(node));
  const y = new Float64Array(graph.nodes.length);
  const settle = (list) => list.forEach((node, i) => (y[node] = i - (list.length - 1) / 2));
  layers.forEach(settle);
  const [before, after] = [0, 1].map((side) => {
    const lists = Array.from(graph.nodes, () => []);
    for (const edge of graph.edges) lists[edge[1 - side]].push(edge[side]);
    return lists;
  });
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const neighbours = sweep % 2 ? after : before;
    const mean = (node) =>
      neighbours[node].length ? neighbours[node].reduce((sum, n) => sum + y[n], 0) / neighbours[node].length : y[node];
    for (const list of sweep % 2 ? [...layers].reverse() : layers) {
      const key = new Map(list.map((node) => [node, mean(node)]));
      list.sort((a, b) => key.get(a) - key.get(b) || a - b);
      settle(list);
    }
  }
  return { x: Float64Array.from(layer, (l) => l * ACROSS), y: y.map((value) => value * SIDE) };
}

export class Graph {
  // @view: of the timeline.
  constructor(canvas, trace, view, select) {
    Object.assign(this, { canvas, trace, view, select });
    this.colours = new Colours(trace);
    this.tasks = trace.ofCategory('task');
    this.selected = NONE;
    this.critical = new Set();
    new ResizeObserver(() => this.draw()).observe(canvas);
    this.#input();
  }

  get isEmpty() {
    const { trace } = this;
    const task = trace.strings.indexOf('task');
    const isTask = (slice) => slice !== NONE && trace.category[slice] === task;
    return !trace.flowFrom.some((from, arrow) => isTask(from) && isTask(trace.flowTo[arrow]));
  }

  // open - before it comes onto the screen.
  open() {
    if (this.graph && !this.graph.part) return;
    this.graph = taskGraph(this.trace, this.tasks, this.view);
    this.places = this.scale = undefined;
  }

  // Placed when it is first looked at.
  #prepare() {
    this.places ??= place(this.trace, this.graph);
    if (this.scale || !this.canvas.clientWidth) return;
    this.bounds = [Infinity, -Infinity, Infinity, -Infinity];
    this.places.x.forEach((x, i) => {
      const b = this.bounds;
      const y = this.places.y[i];
      [b[0], b[1], b[2], b[3]] = [Math.min(b[0], x), Math.max(b[1], x), Math.min(b[2], y), Math.max(b[3], y)];
    });
    this.fit();
  }

  fit() {
    const [left, right, top, bottom] = this.bounds;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.scale = Math.min(width / (right - left + 2 * ACROSS), height / (bottom - top + 2 * SIDE), 1);
    this.offset = [width / 2 - ((left + right) / 2) * this.scale, height / 2 - ((top + bottom) / 2) * this.scale];
  }

  #input() {
    const { canvas } = this;
    let last;
    let moved = 0;
    canvas.addEventListener('pointerdown', (event) => {
      last = event;
      moved = 0;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!last) return;
      moved += Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY);
      this.offset = [this.offset[0] + event.clientX - last.clientX, this.offset[1] + event.clientY - last.clientY];
      last = event;
      this.draw();
    });
    canvas.addEventListener('pointerup', () => (last = undefined));
    canvas.addEventListener('click', (event) => moved < 4 && this.select(this.under(event.offsetX, event.offsetY)));
    canvas.addEventListener('wheel', (event) => this.#zoom(event), { passive: false });
  }

  #zoom(event) {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY / 500);
    const at = [event.offsetX, event.offsetY];
    this.offset = this.offset.map((offset, i) => at[i] - (at[i] - offset) * factor);
    this.scale *= factor;
    this.draw();
  }

  under(x, y) {
    const [gx, gy] = [(x - this.offset[0]) / this.scale, (y - this.offset[1]) / this.scale];
    const found = this.graph.nodes.findIndex(
      (_, i) => Math.abs(this.places.x[i] - gx) <= NODE.width / 2 && Math.abs(this.places.y[i] - gy) <= NODE.height / 2);
    return found < 0 ? NONE : this.graph.nodes[found];
  }

  // isOff - whether all between two places is outside of the screen.
  #isOff(x1, y1, x2, y2) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const [ox, oy] = this.offset;
    const s = this.scale;
    return (Math.max(x1, x2) * s + ox < 0 || Math.min(x1, x2) * s + ox > width ||
      Math.max(y1, y2) * s + oy < 0 || Math.min(y1, y2) * s + oy > height);
  }

  draw() {
    if (this.canvas.hidden || !this.graph) return;
    this.#prepare();
    const { canvas, places, graph, scale } = this;
    const ratio = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    const context = canvas.getContext('2d');
    context.setTransform(scale * ratio, 0, 0, scale * ratio, this.offset[0] * ratio, this.offset[1] * ratio);
    const isCritical = (node) => this.critical.has(graph.nodes[node]);
    for (const lit of [false, true]) {
      context.strokeStyle = lit ? '#d9480f' : '#b5bec8';
      context.lineWidth = (lit ? 2.5 : 1) / Math.max(scale, 0.4);
      context.beginPath();
      for (const [from, to] of graph.edges) {
        if ((isCritical(from) && isCritical(to)) !== lit) continue;
        const [x1, x2] = [places.x[from] + NODE.width / 2, places.x[to] - NODE.width / 2];
        if (this.#isOff(x1, places.y[from], x2, places.y[to])) continue;
        const middle = (x1 + x2) / 2;
        context.moveTo(x1, places.y[from]);
        context.bezierCurveTo(middle, places.y[from], middle, places.y[to], x2, places.y[to]);
      }
      context.stroke();
    }
    graph.nodes.forEach((slice, node) => this.#node(context, slice, node));
    if (graph.part) this.#tellPart(context, ratio);
  }

  #tellPart(context, ratio) {
    const [shown, all] = [this.graph.nodes.length, this.tasks.length].map(format.count);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = '#58636f';
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'top';
    context.fillText(`${shown} of ${all} tasks: the first of those that the timeline shows; zoom in there to see others`, 8, 8);
  }

  #node(context, slice, node) {
    const { trace, places } = this;
    const [x, y] = [places.x[node] - NODE.width / 2, places.y[node] - NODE.height / 2];
    if (this.#isOff(x, y, x + NODE.width, y + NODE.height)) return;
    context.fillStyle = this.colours.of(slice);
    context.fillRect(x, y, NODE.width, NODE.height);
    if (slice === this.selected || this.critical.has(slice)) {
      context.strokeStyle = slice === this.selected ? '#111' : '#d9480f';
      context.lineWidth = 2 / Math.min(this.scale, 1);
      context.strokeRect(x, y, NODE.width, NODE.height);
    }
    if (this.scale < DETAIL) return;
    context.fillStyle = '#1d2733';
    context.font = '10px system-ui, sans-serif';
    context.textBaseline = 'middle';
    const task = trace.task[slice] === NONE ? '' : `${trace.task[slice]} `;
    context.fillText(`${task}${trace.nameOf(slice)}`, x + 4, y + NODE.height / 2, NODE.width - 8);
  }
}
