// queries.mjs FOLDER DOCUMENT TRACE - run each query of the document (an indented block under a heading of the third rank) on
// the trace in the trace processor in FOLDER; print {heading: rows} as JSON.
import { readFileSync } from 'node:fs';
import { TraceProcessor } from './trace_processor.mjs';

const INDENT = '    ';

function queriesOf(text) {
  const queries = {};
  let heading;
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      heading = line.startsWith('### ') ? line.slice(4) : undefined;
    } else if (heading && line.startsWith(INDENT)) {
      queries[heading] = (queries[heading] ?? '') + line + '\n';
    }
  }
  return queries;
}

const [folder, document, trace] = process.argv.slice(2);
const processor = await TraceProcessor.open(folder, trace);
const results = {};
for (const [heading, sql] of Object.entries(queriesOf(readFileSync(document, 'utf8'))))
  results[heading] = await processor.query(sql);

// What the import itself found wrong with the file.
results['stats'] = await processor.query(
  "select name, value from stats where severity in ('error', 'data_loss') and value > 0");
processor.close();
console.log(JSON.stringify(results, null, 1));
