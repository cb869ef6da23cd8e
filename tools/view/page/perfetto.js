// perfetto.js - hand the trace to ui.perfetto.dev, in the way its documentation describes for other pages: open it, ask
// PING until it says PONG, then post the bytes. They go from this browser's one tab to the other.

const SITE = 'https://ui.perfetto.dev';
const EVERY = 50; // ms
const PATIENCE = 60_000; // ms

export async function openInPerfetto(title) {
  const tab = open(SITE); // at once: a browser lets only a click open a tab
  if (!tab) throw new Error('the browser does not let this page open a tab');
  const answer = await fetch('/trace');
  const buffer = await answer.arrayBuffer();
  await new Promise((resolve, reject) => {
    const ask = setInterval(() => tab.postMessage('PING', SITE), EVERY);
    const giveUp = setTimeout(() => end(reject, new Error(`${SITE} does not answer`)), PATIENCE);
    const heard = (event) => event.source === tab && event.origin === SITE && event.data === 'PONG' && end(resolve);
    function end(how, value) {
      clearInterval(ask);
      clearTimeout(giveUp);
      removeEventListener('message', heard);
      how(value);
    }
    addEventListener('message', heard);
  });
  tab.postMessage({ perfetto: { buffer, title, fileName: title } }, SITE);
}
