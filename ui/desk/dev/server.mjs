// The desk over made-up data: npm run build && npm run dev. No part of the product.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { answer, busyDay, changed, conversations, customerWrites, newHandoff, onHint } from './api.mjs';
import { makeOwn } from './data.mjs';
import { serveVisitor } from './visitor.mjs';

const PORT = Number(process.env.PORT ?? 8790);
const BUILT = fileURLToPath(new URL('../../../src/bothands/web/static/desk/', import.meta.url));
const KINDS = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const WIDGET = process.env.WIDGET_STATIC ?? fileURLToPath(new URL('../../../src/bothands/web/static/', import.meta.url));
const POLICY = "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://desk');
  if (pathname.startsWith('/api/v1')) return api(request, response, pathname.slice(7), searchParams);
  if (pathname === '/dev/write') return done(response, customerWrites(searchParams.get('id'), searchParams.get('text')));
  if (pathname === '/dev/handoff') return done(response, newHandoff());
  if (pathname === '/' ) return response.writeHead(302, { location: '/desk/' }).end();
  const widget = join(WIDGET, pathname);
  if (pathname.startsWith('/widget') && existsSync(widget)) return response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(widget));
  const file = join(BUILT, pathname === '/demo' ? 'demo.html' : pathname.replace(/^\/desk\/?/, ''));
  const found = file.startsWith(BUILT) && existsSync(file) && statSync(file).isFile() ? file : join(BUILT, 'index.html');
  response.writeHead(200, { 'content-type': KINDS[extname(found)] ?? 'application/octet-stream', 'content-security-policy': POLICY });
  createReadStream(found).pipe(response);
});

const done = (response) => response.writeHead(204).end();

async function api(request, response, path, query) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const isJson = request.headers['content-type']?.includes('json');
  const { status, body } = answer(request.method, path, query, isJson && text ? JSON.parse(text) : {});
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

const desks = new WebSocketServer({ noServer: true });
const chats = new WebSocketServer({ noServer: true });
const visitors = new Set();
server.on('upgrade', (request, socket, head) => {
  const wanted = request.url.startsWith('/ws/chat') ? chats : desks;
  wanted.handleUpgrade(request, socket, head, (opened) => wanted.emit('connection', opened));
});
onHint((hint) => {
  for (const socket of desks.clients) socket.send(JSON.stringify(hint));
  for (const visitor of visitors) if (visitor.owns(hint.conversation_id)) visitor.refresh();
});
desks.on('connection', (socket) => socket.on('message', () => {}));
chats.on('connection', (socket) => {
  const visitor = serveVisitor(socket, { conversations, changed, make: makeOwn });
  visitors.add(visitor);
  socket.on('close', () => visitors.delete(visitor));
});

if (process.env.HINTS) busyDay(Number(process.env.HINTS));
server.listen(PORT, '127.0.0.1', () => console.log(`The desk over made-up data: http://127.0.0.1:${PORT}/desk/`));
