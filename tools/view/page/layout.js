// layout.js - where each row stands. A group is a heading that closes and opens what is below it.

export const LANE = 16;
export const HEADING = 22;
const CURVE = 44;
const GAP = 5;

export class Layout {
  constructor(trace) {
    this.trace = trace;
    this.closed = new Set();
    this.used = this.#used();
    this.arrange();
  }

  // Rows with something on them, and what stands above those.
  #used() {
    const used = new Set();
    for (const row of this.trace.rows)
      if (row.slices[1] || row.samples[1])
        for (let at = row; at && !used.has(at); at = this.trace.rows[at.parent]) used.add(at);
    return used;
  }

  #isOpen(row) {
    for (let at = this.trace.rows[row.parent]; at; at = this.trace.rows[at.parent]) if (this.closed.has(at)) return false;
    return true;
  }

  #height(row) {
    if (row.samples[1]) return CURVE;
    const lanes = Math.max(row.lanes.length, row.instants.length ? 1 : 0);
    return (row.group ? HEADING : 0) + (lanes ? lanes * LANE + GAP : row.group ? 0 : LANE + GAP);
  }

  // arrange - anew, after a group was opened or closed: this.places, from top to bottom.
  arrange() {
    this.places = [];
    let y = 0;
    for (const row of this.trace.rows) {
      if (!this.used.has(row) || !this.#isOpen(row)) continue;
      const height = this.#height(row);
      this.places.push({ row, y, height, lanesAt: y + (row.group ? HEADING : 0) });
      y += height;
    }
    this.height = y;
    this.byRow = new Map(this.places.map((place) => [place.row, place]));
  }

  toggle(row) {
    if (!this.closed.delete(row)) this.closed.add(row);
    this.arrange();
  }

  // placeOf - of @row; opens the groups around it.
  placeOf(row) {
    for (let at = this.trace.rows[row.parent]; at; at = this.trace.rows[at.parent]) this.closed.delete(at);
    if (!this.byRow.has(row)) this.arrange();
    return this.byRow.get(row);
  }

  at(y) {
    return this.places.find((place) => y >= place.y && y < place.y + place.height);
  }
}
