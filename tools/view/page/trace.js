// trace.js - the trace: columns as typed arrays, as the server packs them (tools/view/pack.h), and what is looked up in
// them. A slice is its index. Slices are sorted by row and begin, and those of one depth on one row (a lane) never overlap,
// so everything that is drawn is found by binary search.

export const NONE = 0xffffffff;

const TYPES = { f64: Float64Array, u32: Uint32Array, u8: Uint8Array };
const HEADER = 16;

// The first index in [from, to) for which test holds, to if there is none; the test holds from some index on.
export function search(from, to, test) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (test(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

// For each slice the arrows that have it at one end: arrows[at[slice] .. at[slice + 1]).
class Ends {
  constructor(ends, slices) {
    this.at = new Uint32Array(slices + 1);
    for (const slice of ends) if (slice !== NONE) this.at[slice + 1]++;
    for (let i = 0; i < slices; i++) this.at[i + 1] += this.at[i];
    this.arrows = new Uint32Array(this.at[slices]);
    const next = this.at.slice();
    ends.forEach((slice, arrow) => {
      if (slice !== NONE) this.arrows[next[slice]++] = arrow;
    });
  }
  of(slice) {
    return this.arrows.subarray(this.at[slice], this.at[slice + 1]);
  }
}

export class Trace {
  constructor(buffer) {
    const length = new DataView(buffer).getUint32(8, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, HEADER, length)));
    this.title = head.title;
    this.strings = head.strings;
    this.rows = head.rows;
    for (const [name, { type, offset, count }] of Object.entries(head.columns))
      this[name] = new TYPES[type](buffer, HEADER + length + offset, count);
    this.count = this.begin.length;
    this.incoming = new Ends(this.flowTo, this.count);
    this.outgoing = new Ends(this.flowFrom, this.count);
    this.#span(head.origin);
    this.#lanes();
  }

  #span(origin) {
    this.first = origin;
    this.last = origin + 1;
    for (const time of this.end) if (time > this.last) this.last = time;
    for (const time of this.sampleTime) if (time > this.last) this.last = time;
  }

  // Each row's slices by depth: row.lanes is a list of {from, to} in this.items. this.busy sums lengths up.
  #lanes() {
    this.items = new Uint32Array(this.count);
    this.busy = new Float64Array(this.count + 1);
    let next = 0;
    this.rows.forEach((row, index) => {
      const [first, count] = row.slices;
      const sizes = [];
      row.index = index;
      row.instants = [];
      for (let i = first; i < first + count; i++)
        if (this.instant[i]) row.instants.push(i);
        else sizes[this.depth[i]] = (sizes[this.depth[i]] ?? 0) + 1;
      row.lanes = Array.from(sizes, (size) => {
        const lane = { from: next, to: next };
        next += size ?? 0;
        return lane;
      });
      for (let i = first; i < first + count; i++)
        if (!this.instant[i]) this.items[row.lanes[this.depth[i]].to++] = i;
    });
    for (let i = 0; i < this.count; i++) {
      const slice = this.items[i];
      this.busy[i + 1] = this.busy[i] + (i < next ? this.end[slice] - this.begin[slice] : 0);
    }
    this.withSlices = this.rows.filter((row) => row.slices[1]);
  }

  rowOf(slice) {
    const rows = this.withSlices;
    return rows[search(0, rows.length, (i) => rows[i].slices[0] > slice) - 1];
  }

  nameOf(slice) {
    return this.strings[this.name[slice]];
  }

  categoryOf(slice) {
    return this.strings[this.category[slice]];
  }

  length(slice) {
    return this.end[slice] - this.begin[slice];
  }

  // The slices of a category, as indices in order.
  ofCategory(category) {
    const id = this.strings.indexOf(category);
    const found = [];
    for (let i = 0; i < this.count; i++) if (this.category[i] === id && !this.instant[i]) found.push(i);
    return found;
  }

  // The slice of @row that is shown at @depth and @time, or within @slack of it.
  find(row, depth, time, slack) {
    const lane = row.lanes[depth];
    if (!lane) return NONE;
    const i = search(lane.from, lane.to, (k) => this.end[this.items[k]] >= time - slack);
    return i < lane.to && this.begin[this.items[i]] <= time + slack ? this.items[i] : NONE;
  }
}
