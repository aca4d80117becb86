/* The staff's page: sign in, see how the daemon is. */

const API = 'api/';
let csrf = '';

const at = (id) => document.getElementById(id);

async function call(method, path, body) {
	const headers = {};

	if (body) {
		headers['Content-Type'] = 'application/json';
		headers['X-CSRF-Token'] = csrf;
	}
	const answer = await fetch(API + path, {method, headers, body: body && JSON.stringify(body)});

	return {status: answer.status, ...(await answer.json())};
}

function show(id) {
	for (const one of ['login', 'setup', 'status'])
		at(one).hidden = one !== id;
	at('who').hidden = id !== 'status';
}

function put_facts(s) {
	const when = (ms) => new Date(ms).toLocaleString();
	const errors = s.last_try.diagnostics.map((d) => `${d.file}:${d.line}:${d.col}: ${d.level}: ${d.text}`);
	const facts = [
		['版本 Version', `${s.version}, ${when(s.started)}`],
		['规则 Rules', `#${s.serial}, ${when(s.built)}, ${s.intents} + ${s.faq} FAQ`],
		['文件 Files', s.files.join('\n')],
		['最近一次读取 Last try', `${s.last_try.ok ? '✓' : '✗'} ${when(s.last_try.at)}`],
		['问题 Problems', errors.join('\n') || '—'],
		['连接 Connections', `${s.connections} (WebSocket ${s.websockets})`],
		['消息 Messages', `${s.messages}, ✗ ${s.fallbacks}, ☎ ${s.handoffs}`],
		['磁盘 Disk', s.disk.error || '✓'],
	];

	at('facts').replaceChildren(...facts.flatMap(([name, value]) => {
		const dt = document.createElement('dt'), dd = document.createElement('dd');

		dt.textContent = name;
		dd.textContent = value;
		return [dt, dd];
	}));
}

async function refresh() {
	const s = await call('GET', 'status');

	if (s.status === 401)
		start();
	else
		put_facts(s);
}

function signed_in(me) {
	csrf = me.csrf;
	at('name').textContent = `${me.name} (${me.role})`;
	show('status');
	refresh();
}

async function start() {
	const me = await call('GET', 'me');

	if (me.status === 200) {
		signed_in(me);
	} else if (me.setup) {
		at('command').textContent = `kefu staff add NAME --role admin --db ${me.db}`;
		show('setup');
	} else {
		show('login');
	}
}

at('login').addEventListener('submit', async (event) => {
	const form = event.target;

	event.preventDefault();
	const me = await call('POST', 'login', {name: form.name.value, password: form.password.value});

	form.password.value = '';
	at('wrong').textContent = me.status === 200 ? '' :
		me.status === 401 ? '名字或密码不对。 The name or the password is wrong.' : me.detail;
	if (me.status === 200)
		signed_in(me);
});

at('logout').addEventListener('click', async () => {
	await call('POST', 'logout', {});
	start();
});

setInterval(() => at('status').hidden || document.hidden || refresh(), 5000);
start();
