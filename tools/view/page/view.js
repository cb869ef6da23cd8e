// view.js - which part of the trace is on the screen: times from @begin to @end across @width pixels, scrolled down by
// @top pixels.

const LEAST_SPAN = 0.5; // ns across the whole width
const FINEST = 2 ** -45; // the same as a part of the times themselves: finer ones are not numbers any more
const MARGIN = 0.02; // of the trace's length, on both sides

export class View {
  constructor(first, last) {
    const margin = (last - first) * MARGIN;
    this.least = first - margin;
    this.most = last + margin;
    this.leastSpan = Math.max(LEAST_SPAN, last * FINEST);
    this.begin = this.least;
    this.end = this.most;
    this.width = 1;
    this.top = 0;
  }

  x(time) {
    return ((time - this.begin) / (this.end - this.begin)) * this.width;
  }

  time(x) {
    return this.begin + (x / this.width) * (this.end - this.begin);
  }

  show(begin, end) {
    const span = Math.min(Math.max(end - begin, this.leastSpan), this.most - this.least);
    const middle = (begin + end) / 2;
    this.begin = Math.min(Math.max(middle - span / 2, this.least), this.most - span);
    this.end = this.begin + span;
  }

  showAll() {
    this.show(this.least, this.most);
  }

  // zoom - by @factor (below 1: closer), the time at pixel @x stays where it is.
  zoom(factor, x) {
    const at = this.time(x);
    const span = Math.min(Math.max((this.end - this.begin) * factor, this.leastSpan), this.most - this.least);
    const begin = at - (x / this.width) * span;
    this.show(begin, begin + span);
  }

  pan(pixels) {
    const by = (pixels / this.width) * (this.end - this.begin);
    this.show(this.begin + by, this.end + by);
  }
}
