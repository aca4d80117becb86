'use strict';
/* A server a test speaks for: it serves the built web files like kefud (same policy headers) and hands each frame
 * of the widget to the test. For what the real daemon can't be made to do on demand: an agent's turn, a push, an
 * error, a silence, a reply that comes twice. */
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const {accept} = require('./ws');

const TYPES = {'.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript', '.svg': 'image/svg+xml'};

/* files: {'/': file, …}. Gives {url, frames, conn, on(fn), send(object), cut(), close()}: `frames` is everything
 * the widget has sent, `on` is called with each as it comes; `texts` has further files, each at its
 * path and below; `policy` may be changed. */
async function start(files, policy) {
	const mock = {policy, frames: [], conn: null, seq: 0, handler: () => {}, waiting: [], texts: {}};
	const server = http.createServer((request, response) => {
		const name = Object.keys(mock.texts).find((one) => request.url.startsWith(one));
		if (name)
			response.writeHead(200, heads(path.extname(name) || '.html', mock.policy)).end(mock.texts[name]);
		else
			serve(files, mock.policy, request, response);
	});
	const sockets = new Set();
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	server.on('upgrade', (request, socket) => {
		const conn = accept(request, socket, {
			message: (text) => {
				const frame = JSON.parse(text);
				mock.conn = conn;
				mock.frames.push(frame);
				mock.handler(frame);
			},
			close: () => mock.conn === conn && (mock.conn = null),
		});
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	return Object.assign(mock, {
		url: `http://127.0.0.1:${server.address().port}/`,
		on: (fn) => (mock.handler = fn),
		send: (frame) => mock.conn.send(JSON.stringify(frame)),
		/* The same, as the next frame of the session. */
		say: (frame) => mock.send({seq: ++mock.seq, ...frame}),
		cut: () => sockets.forEach((socket) => socket.destroy()),
		close: () => new Promise((done) => {
			server.close(done);
			mock.cut();
		}),
	});
}

function serve(files, policy, request, response) {
	const file = files[request.url.split('?')[0]];
	if (!file) {
		response.writeHead(404).end();
		return;
	}
	response.writeHead(200, heads(path.extname(file), policy));
	fs.createReadStream(file).pipe(response);
}

function heads(suffix, policy) {
	return {
		'Content-Type': `${TYPES[suffix]}; charset=utf-8`,
		'Content-Security-Policy': policy,
		'Cache-Control': 'no-store',
	};
}

module.exports = {start};
