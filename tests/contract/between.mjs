// SPDX-License-Identifier: Apache-2.0
// What stands between the program and the fake: Prism, which holds each request and each answer to GitHub's description;
// before it a wire that breaks where it is told to; and an origin of somebody else, which must see nothing.
import {spawn} from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import {root} from './repository.mjs';

const packages = path.join(root, 'build/contract');

async function free_port() {
  const server = net.createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

// `description`: github or ghes. Between finding a free port and taking it somebody else may have taken it.
export async function start_prism(description, upstream, attempts = 3) {
  const port = await free_port();
  const child = spawn(process.execPath, [path.join(packages, 'node_modules/@stoplight/prism-cli/dist/index.js'), 'proxy',
    path.join(packages, `${description}.json`), `http://127.0.0.1:${upstream}`, '--errors', '--host', '127.0.0.1', '--port', port],
  {stdio: ['ignore', 'pipe', 'pipe'], cwd: packages});
  let log = '';
  child.stdout.on('data', chunk => { log += chunk; });
  child.stderr.on('data', chunk => { log += chunk; });
  for (let i = 0; !log.includes('Prism is listening'); ++i) {
    if (child.exitCode !== null && attempts > 1) return start_prism(description, upstream, attempts - 1);
    if (i > 600 || child.exitCode !== null) throw new Error(`Prism does not start: ${log}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {port, close: () => child.kill()};
}

// Somebody else's origin, to which a redirect or a Link leads.
export class Elsewhere {
  seen = [];
  async listen() {
    this.server = http.createServer((request, response) => {
      this.seen.push({url: request.url, headers: request.headers});
      response.writeHead(200, {'content-type': 'application/json'}).end('[]');
    });
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
  }
  close() { this.server.close(); }
}

const json = {'content-type': 'application/json; charset=utf-8'};
const problem = (status, message, headers = {}) => ({status, headers: {...json, ...headers}, body: JSON.stringify({message})});
const answer = told => (_, response) => response.writeHead(told.status, told.headers).end(told.body);

// What can go wrong with one request. `forward()` gives what Prism answers; what is not forwarded had no effect.
export const faults = {
  'connection refused': null, // the wire is cut before the request
  'reset before the effect': request => request.socket.destroy(),
  'reset after the effect': async (request, response, forward) => { await forward(); request.socket.destroy(); },
  'status 500': answer(problem(500, 'Server Error')),
  '502 with a page': answer({status: 502, headers: {'content-type': 'text/html'}, body: '<html><h1>Bad Gateway</h1>'}),
  '502 after the effect': async (request, response, forward) => {
    await forward();
    response.writeHead(502, {'content-type': 'text/html'}).end('<html><h1>Bad Gateway</h1>');
  },
  '403 permission': answer(problem(403, 'Resource not accessible by integration')),
  '403 secondary limit': answer(problem(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.')),
  'status 429': answer(problem(429, 'API rate limit exceeded', {'retry-after': '2'})),
  '422 for a line': answer({...problem(422, ''), body: JSON.stringify({message: 'Validation Failed', errors: ['Pull request review thread line must be part of the diff']})}),
  'truncated body': async (request, response, forward) => {
    const told = await forward();
    response.writeHead(told.status, {...json, 'content-length': told.body.length + 100});
    response.write(told.body.subarray(0, Math.floor(told.body.length / 2)), () => request.socket.destroy());
  },
  silence: () => {},
  'redirect elsewhere': (request, response, forward, elsewhere) => response.writeHead(307, {location: elsewhere.origin + request.url}).end(),
  'link elsewhere': async (request, response, forward, elsewhere) => {
    const told = await forward();
    response.writeHead(told.status, {...told.headers, link: `<${elsewhere.origin}/next?page=2>; rel="next"`}).end(told.body);
  },
};

export class Wire {
  seen = []; // method, path, body, status
  served = 0;
  // {name, at, lasting, writes}: at the request of that number, from 0; `lasting`: at all that follow, too; `writes`: at no GET
  fault = null;
  constructor(prism, elsewhere) { Object.assign(this, {prism, elsewhere}); }

  async listen() {
    this.server = http.createServer((request, response) => this.#serve(request, response).catch(error => {
      this.broken = error;
      response.destroy();
    }));
    await this.#open(0);
    this.port = this.server.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
  }
  #open(port) { return new Promise(resolve => this.server.listen(port, '127.0.0.1', resolve)); }
  async close() {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise(resolve => this.server.close(resolve));
  }

  async set_fault(fault) {
    this.fault = fault;
    this.served = 0;
    if (this.#refuses(0)) await this.close();
    else if (!this.server.listening) await this.#open(this.port);
  }
  #fires(number, method) {
    const {at, lasting, writes} = this.fault ?? {at: -1};
    return (number === at || (lasting && number > at)) && !(writes && method === 'GET');
  }
  #refuses(number) { return this.fault?.name === 'connection refused' && this.#fires(number); }

  async #serve(request, response) {
    const number = this.served++;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const row = {method: request.method, path: request.url, headers: request.headers, body: body.length ? JSON.parse(body) : undefined};
    this.seen.push(row);
    const forward = () => this.#forward(request, body).then(told => {
      row.status = told.status;
      row.answer = told.body.toString();
      return told;
    });
    if (this.#fires(number, request.method)) {
      await faults[this.fault.name](request, response, forward, this.elsewhere);
      return;
    }
    const told = await forward();
    const last = this.#refuses(number + 1);
    // No more connections from before the answer is out: whoever has it may ask again at once.
    if (last) this.server.close();
    response.writeHead(told.status, {...told.headers, ...(last ? {connection: 'close'} : {})});
    response.end(told.body);
  }

  #forward(request, body) {
    return new Promise((resolve, reject) => {
      const {connection, host, expect, 'transfer-encoding': _, ...headers} = request.headers;
      const up = http.request({host: '127.0.0.1', port: this.prism.port, method: request.method, path: request.url,
        headers: {...headers, 'x-origin': this.origin, 'content-length': body.length}}, answer => {
        const chunks = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('end', () => {
          const {connection: __, 'transfer-encoding': ___, 'content-length': ____, ...kept} = answer.headers;
          const whole = Buffer.concat(chunks);
          resolve({status: answer.statusCode, headers: answer.statusCode === 204 ? kept : {...kept, 'content-length': whole.length}, body: whole});
        });
      });
      up.on('error', reject);
      up.end(body);
    });
  }
}
