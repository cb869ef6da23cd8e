// format.js - times and numbers as people read them.

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

export function unitOf(ns) {
  return UNITS.find(([size]) => Math.abs(ns) >= size) ?? UNITS.at(-1);
}

export function time(ns, digits = 4) {
  const [size, unit] = unitOf(ns);
  return `${Number((ns / size).toPrecision(digits))} ${unit}`;
}

export function exactTime(ns) {
  return `${ns.toLocaleString('en')} ns`;
}

export function picoseconds(ps) {
  return `${(ps / 1000n).toLocaleString('en')}.${String(ps % 1000n).padStart(3, '0')} ns`;
}

export function count(number) {
  return number.toLocaleString('en');
}
