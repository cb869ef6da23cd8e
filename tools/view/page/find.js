// find.js - slices by name or by the number of their task.
import { NONE } from './trace.js';

// find - those of @trace that match @text: a number, alone or after "task", is a task's, if there is such a task; anything
// else is a part of a name or of a category.
export function find(trace, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const number = /^(?:task\s*)?(\d+)$/.exec(wanted);
  const found = [];
  if (number && Number(number[1]) < NONE) {
    const task = Number(number[1]);
    for (let i = 0; i < trace.count; i++) if (trace.task[i] === task) found.push(i);
    // The task itself before its dispatch and completion.
    const isTask = (i) => trace.categoryOf(i) === 'task';
    if (found.length) return [...found.filter(isTask), ...found.filter((i) => !isTask(i))];
  }
  const matches = trace.strings.map((string) => string.toLowerCase().includes(wanted));
  for (let i = 0; i < trace.count; i++) if (matches[trace.name[i]] || matches[trace.category[i]]) found.push(i);
  return found;
}
