// dom.js - elements in one line each. Text from a trace is only ever set as text, never as markup.

// element - a @tag with attributes or properties, and children (elements or texts).
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name === 'data') Object.assign(made.dataset, value);
    else made[name] = value;
  made.append(...children);
  return made;
}

export function row(...cells) {
  return element('tr', {}, ...cells.map((cell) => (cell instanceof HTMLElement ? cell : element('td', {}, String(cell)))));
}
