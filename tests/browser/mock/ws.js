'use strict';
/* As much of RFC 6455 as a test's server needs: text, ping and close frames of up to 64 KB from one peer. */
const crypto = require('node:crypto');

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/* Answers an upgrade request. on = {message(text), close()}; gives {send(text), close(code)}. */
function accept(request, socket, on) {
	const sum = crypto.createHash('sha1')
		.update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
	socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
		`Sec-WebSocket-Accept: ${sum}\r\nSec-WebSocket-Protocol: kefu.v1\r\n\r\n`);
	let rest = Buffer.alloc(0);
	socket.on('data', (data) => {
		rest = Buffer.concat([rest, data]);
		for (let frame = read(rest); frame; frame = read(rest)) {
			rest = rest.subarray(frame.size);
			if (frame.opcode === TEXT)
				on.message(frame.payload.toString('utf8'));
			else if (frame.opcode === PING)
				socket.write(write(PONG, frame.payload));
			else if (frame.opcode === CLOSE)
				socket.end(write(CLOSE, frame.payload));
		}
	});
	socket.on('error', () => socket.destroy());
	socket.on('close', () => on.close());
	return {
		send: (text) => socket.destroyed || socket.write(write(TEXT, Buffer.from(text))),
		close: (code) => socket.end(write(CLOSE, Buffer.from([code >> 8, code & 255]))),
	};
}

/* One masked frame at the start of `bytes`, or null while it is not all there. */
function read(bytes) {
	if (bytes.length < 6)
		return null;
	let length = bytes[1] & 127;
	let at = 2;
	if (length === 126) {
		if (bytes.length < 8)
			return null;
		length = bytes.readUInt16BE(2);
		at = 4;
	}
	if (bytes.length < at + 4 + length)
		return null;
	const mask = bytes.subarray(at, at + 4);
	const payload = Buffer.from(bytes.subarray(at + 4, at + 4 + length));
	for (let i = 0; i < payload.length; i++)
		payload[i] ^= mask[i & 3];
	return {opcode: bytes[0] & 15, payload, size: at + 4 + length};
}

function write(opcode, payload) {
	const small = payload.length < 126;
	const head = Buffer.alloc(small ? 2 : 4);
	head[0] = 128 | opcode;
	head[1] = small ? payload.length : 126;
	if (!small)
		head.writeUInt16BE(payload.length, 2);
	return Buffer.concat([head, payload]);
}

module.exports = {accept};
