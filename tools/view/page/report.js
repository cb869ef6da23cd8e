// report.js - what `davsim report` says of the trace, if the server has it: the critical path.
import { NONE } from './trace.js';

// criticalTasks - the slices of tasks on the critical path; an empty set without a report.
export async function criticalTasks(trace) {
  const answer = await fetch('/report.json');
  return answer.ok ? tasksOf(trace, await answer.json()) : new Set();
}

// A hop says which kernel it is by its task's number and by when it begins.
function tasksOf(trace, report) {
  const found = new Set();
  const byTask = new Map();
  for (const slice of trace.ofCategory('task')) {
    const task = trace.task[slice];
    if (task === NONE) continue;
    if (!byTask.has(task)) byTask.set(task, []);
    byTask.get(task).push(slice);
  }
  for (const launch of report.launches ?? [])
    for (const hop of launch.critical_path?.hops ?? []) {
      const time = hop.begin_ps / 1000;
      const slice = (byTask.get(hop.task) ?? []).find((s) => Math.abs(trace.begin[s] - time) < 1);
      if (hop.kind === 'kernel' && slice !== undefined) found.add(slice);
    }
  return found;
}
