/**
 * A small stand-in for the server: speaks the visitor's frames from a script, so that every moment of the
 * widget can be looked at without Python. POST /dev?do=join|reply|typing|close|hand_back|queue|off_duty|drop|refuse.
 * Run: npm run dev --workspace widget, then open http://127.0.0.1:8100/
 */
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { answerTo, MAYA } from './script.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const staticDir = resolve(process.env.BOTHANDS_STATIC ?? join(here, '../../../src/bothands/web/static'));
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.json': 'application/json', '.svg': 'image/svg+xml' };
/** As strict as a host page may be: no inline style, no eval, nothing from elsewhere. */
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'";

export function startDevServer({ port = 8100, delayMs = 600 } = {}) {
  const visitors = new Map();
  const files = new Map();
  let sockets = [];
  const mode = { onDuty: true, refuse: false };
  const later = (fn, times = 1) => setTimeout(fn, delayMs * times);

  function visitorOf(key) {
    const known = visitors.get(key);
    if (known) return known;
    const visitor = { key: key ?? `vk_${visitors.size + 1}${Date.now()}`, conversation_id: null, entries: [], byClient: new Map(), queue: null, holder: null, closed: null, rated: false };
    visitors.set(visitor.key, visitor);
    return visitor;
  }
  const stateOf = (v) => ({
    holder: v.holder ?? { kind: v.queue ? 'queue' : 'assistant', name: 'AI assistant', initials: 'AI' },
    closed: v.closed,
    rated: v.rated,
    people: {
      on_duty: mode.onDuty,
      open_until: mode.onDuty ? '20:00' : null,
      next_open_at: mode.onDuty ? null : new Date(Date.now() + 2.4 * 86400e3).toISOString(),
      wait: mode.onDuty ? { low_minutes: 3, high_minutes: 6 } : null,
    },
    queue: v.queue,
  });
  const tell = (v, frame) => sockets.filter((s) => s.visitor === v && s.readyState === 1).forEach((s) => s.send(JSON.stringify(frame)));
  const tellState = (v) => tell(v, { is: 'state', state: stateOf(v) });
  function add(v, kind, author, body, ref = {}, client_id = null) {
    v.conversation_id ??= `conv_${v.key}`;
    const seq = (v.entries.at(-1)?.seq ?? 0) + 1;
    const entry = { conversation_id: v.conversation_id, seq, id: `ent_${v.key}_${seq}`, kind, author_kind: author.kind, author_id: null, author_name: author.name, disclosure: author.kind === 'assistant' ? 'AI assistant. Not a person. Can be wrong.' : null, body, ref, at: new Date().toISOString(), client_id };
    v.entries.push(entry);
    tell(v, { is: 'entries', entries: [entry], seq });
    return entry;
  }
  const contact = { kind: 'contact', name: 'You' };
  const ai = { kind: 'assistant', name: 'AI assistant' };
  const maya = { kind: 'agent', name: MAYA.name };

  function queueUp(v, place = 3) {
    v.queue = {
      place, asked_at: new Date(Date.now() - 62e3).toISOString(), waited_seconds: 62, contact_left: false,
      wait: mode.onDuty ? { low_minutes: 3, high_minutes: 6 } : null,
      questions: [
        { id: 'order', text: 'Has the cover been washed?', kind: 'choice', choices: ['Yes', 'No'] },
        { id: 'photo', text: 'A photo of the torn seam', kind: 'photo', choices: [] },
      ],
    };
    v.holder = null;
    add(v, 'transfer', contact, '', { from: { kind: 'assistant' }, to: { kind: 'queue' }, reason: 'asked' });
    tellState(v);
  }
  function turn(v, text) {
    if (v.holder?.kind === 'agent') return;
    later(() => tell(v, { is: 'typing', author_kind: 'assistant', author_name: 'AI assistant' }), 0.4);
    later(() => {
      if (v.holder?.kind === 'agent') return;
      for (const { body, ref } of answerTo(text)) add(v, 'message', ai, body, ref);
    }, 2);
  }
  const ACTS = {
    join(v) {
      v.queue = null;
      v.holder = MAYA;
      add(v, 'transfer', maya, '', { from: { kind: 'queue' }, to: { kind: 'agent', name: MAYA.name } });
      tellState(v);
    },
    reply: (v, q) => add(v, 'message', maya, q.get('text') ?? 'Hi Ana, I have your photo: that seam should have held. I can send a new cover today. You need not return the torn one.'),
    typing: (v) => tell(v, { is: 'typing', author_kind: 'agent', author_name: MAYA.name }),
    close(v) {
      add(v, 'closing', maya, '', { by: { kind: 'agent', name: MAYA.name }, reason: 'done' });
      v.closed = { at: new Date().toISOString(), by: MAYA.name, may_reopen_until: new Date(Date.now() + 7 * 86400e3).toISOString(), agreed: 'New cover, with you by Tue 25 Nov' };
      tellState(v);
    },
    hand_back(v) {
      v.holder = null;
      add(v, 'transfer', maya, '', { from: { kind: 'agent', name: MAYA.name }, to: { kind: 'assistant' } });
      tellState(v);
    },
    queue(v, q) {
      v.queue = { ...v.queue, place: Number(q.get('place') ?? 1), wait: { low_minutes: 1, high_minutes: 2 } };
      tellState(v);
    },
    off_duty(v) {
      mode.onDuty = false;
      tellState(v);
    },
    on_duty(v) {
      mode.onDuty = true;
      tellState(v);
    },
    say: (v, q) => add(v, 'message', ai, q.get('text')),
    drop: () => sockets.forEach((s) => s.terminate()),
    refuse: () => (mode.refuse = true),
    accept: () => (mode.refuse = false),
  };
  const HEARD = {
    send(v, f, socket) {
      if (mode.refuse || f.text.includes('refuse')) {
        const error = { type: '/errors/too-long', title: 'Too long', status: 400, code: 'too-long', thing: 'Your message', cause: 'it holds a card number', cure: 'Remove the number and send it again' };
        return socket.send(JSON.stringify({ is: 'refused', client_id: f.client_id, error }));
      }
      let seq = v.byClient.get(f.client_id);
      if (!seq) {
        const attachments = f.attachments.map((id) => ({ id, name: files.get(id)?.name ?? id, media_type: 'image/png', bytes: 1 }));
        if (v.closed) Object.assign(v, { closed: null, rated: false, holder: null });
        seq = add(v, 'message', contact, f.text, { attachments }, f.client_id).seq;
        v.byClient.set(f.client_id, seq);
        turn(v, f.text);
      }
      socket.send(JSON.stringify({ is: 'stored', client_id: f.client_id, seq }));
    },
    ask_person(v, f, socket) {
      if (!v.queue) later(() => queueUp(v), 0.5);
      socket.send(JSON.stringify({ is: 'stored', client_id: f.client_id, seq: v.entries.length }));
    },
    cancel_person(v) {
      v.queue = null;
      tellState(v);
    },
    answer(v, f) {
      if (!v.queue) return;
      v.queue = { ...v.queue, questions: v.queue.questions.filter((q) => q.id !== f.question) };
      tellState(v);
    },
    leave_address(v) {
      v.queue = { ...v.queue, contact_left: true };
      tellState(v);
    },
    rate(v) {
      v.rated = true;
      tellState(v);
    },
    reopen(v) {
      v.closed = null;
      v.rated = false;
      add(v, 'reopening', contact, '');
      tellState(v);
    },
    catch_up: (v, f, socket) => socket.send(JSON.stringify({ is: 'entries', entries: v.entries.filter((e) => e.seq > f.since), seq: v.entries.length })),
    ping: (_v, _f, socket) => socket.send('{"is":"pong"}'),
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://x');
    const give = (code, type, body, more = {}) => {
      response.writeHead(code, { 'content-type': type, ...more });
      response.end(body);
    };
    if (url.pathname === '/dev') {
      const act = ACTS[url.searchParams.get('do')];
      const visitor = [...visitors.values()].findLast((v) => sockets.some((s) => s.visitor === v)) ?? [...visitors.values()].at(-1);
      if (!act) return give(404, 'text/plain', 'no such act');
      act(visitor, url.searchParams);
      return give(200, 'application/json', JSON.stringify({ entries: visitor?.entries.length }));
    }
    if (request.method === 'POST' && /\/files$/.test(url.pathname)) return takeFile(request, give);
    if (url.pathname.startsWith('/api/v1/files/')) {
      const file = files.get(url.pathname.split('/').at(-1));
      return file ? give(200, file.type, file.data) : give(404, 'text/plain', '');
    }
    const page = url.pathname === '/inside' ? 'inside.html' : url.pathname === '/' ? 'shop.html' : url.pathname.startsWith('/c/') ? 'page.html' : null;
    const path = page ? join(here, page) : url.pathname.startsWith('/dev-') ? join(here, url.pathname.slice(5)) : join(staticDir, normalize(url.pathname));
    try {
      give(200, TYPES[extname(path)] ?? 'application/octet-stream', readFileSync(path), { 'content-security-policy': CSP });
    } catch {
      give(404, 'text/plain', 'not found');
    }
  });
  function takeFile(request, give) {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const start = body.indexOf('\r\n\r\n') + 4;
      const head = body.subarray(0, start).toString();
      const end = body.lastIndexOf('\r\n--');
      const id = `file_${files.size + 1}`;
      const file = { name: /filename="([^"]*)"/.exec(head)?.[1] ?? 'photo', type: /content-type: (\S+)/i.exec(head)?.[1] ?? 'image/png', data: body.subarray(start, end) };
      files.set(id, file);
      later(() => give(200, 'application/json', JSON.stringify({ id, name: file.name, media_type: file.type, bytes: file.data.length })), 0.5);
    });
  }
  const wss = new WebSocketServer({ server });
  wss.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => (sockets = sockets.filter((s) => s !== socket)));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.do === 'hello') {
        const v = (socket.visitor = visitorOf(frame.key));
        socket.send(JSON.stringify({ is: 'welcome', key: v.key, conversation_id: v.conversation_id, company: 'Alder & Loft', assistant: { name: 'AI assistant', disclosure: 'Not a person. Can be wrong.' }, state: stateOf(v) }));
        const fresh = v.entries.filter((e) => e.seq > frame.since);
        socket.send(JSON.stringify({ is: 'entries', entries: fresh, seq: v.entries.length }));
        return;
      }
      if (socket.visitor) HEARD[frame.do]?.(socket.visitor, frame, socket);
    });
  });
  return new Promise((ready) => {
    server.listen(port, '127.0.0.1', () =>
      ready({
        url: `http://127.0.0.1:${server.address().port}`,
        visitors,
        close: () => (sockets.forEach((s) => s.terminate()), new Promise((done) => server.close(done))),
      }),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startDevServer();
  console.log(`${url}/  ${url}/c/shop`);
}
