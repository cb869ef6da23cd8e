// colour.js - a colour for each name, the same in each trace and in the pictures that `davsim view --png` draws
// (tools/view/colour.c). Kernels are vivid; what surrounds them is pale.

const FIXED = { program: '#d5dbe1', wait: '#e9e4da', dispatch: '#5b8fd6', completion: '#64b58a', copy: '#c79bd1' };
const PALE = new Set(['phase', 'launch', 'host']);

// FNV-1a over the UTF-8 bytes.
function hash(name) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

export function colourOf(name, category) {
  if (FIXED[category]) return FIXED[category];
  const value = hash(name);
  const hue = value % 360;
  return PALE.has(category) ? `hsl(${hue} 30% 84%)` : `hsl(${hue} 58% ${54 + 7 * (Math.floor(value / 360) % 4)}%)`;
}

// A colour for each string that is a slice's name, found once.
export class Colours {
  constructor(trace) {
    this.trace = trace;
    this.known = new Map();
  }
  of(slice) {
    const { name, category, strings } = this.trace;
    const key = name[slice] * strings.length + category[slice];
    let colour = this.known.get(key);
    if (!colour) this.known.set(key, (colour = colourOf(strings[name[slice]], strings[category[slice]])));
    return colour;
  }
}
