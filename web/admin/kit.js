/* What all parts stand on: words, times, talking to the server, boxes that load, dialogs. */

const app = {me: null, lang: 'zh', theme: 'auto'};

function say(name, arg) {
	const word = (WORDS[name] || [])[LANGS.indexOf(app.lang)];
	return typeof word === 'function' ? word(arg) : word === undefined ? name : word;
}

const may = (what) => Boolean(app.me && app.me.may.includes(what));
const has_word = (name) => Object.hasOwn(WORDS, name);

/* ---- times and numbers ---- */

const pad = (n) => String(n).padStart(2, '0');
const number = (n) => Number(n).toLocaleString(say('tag'));
const percent = (share) => share === null || share === undefined ? '–' : `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)}%`;
const clock = (ms) => `${pad(new Date(ms).getHours())}:${pad(new Date(ms).getMinutes())}`;
const day = (ms) => `${new Date(ms).getMonth() + 1}/${new Date(ms).getDate()}`;

function when(ms) {
	if (!ms)
		return say('never');
	const t = new Date(ms);
	return `${t.getFullYear()}-${pad(t.getMonth() + 1)}-${pad(t.getDate())} ${clock(ms)}:${pad(t.getSeconds())}`;
}

/* "3 minutes ago", with the exact time where it is pointed at. */
function ago(ms) {
	if (!ms)
		return el('span', {class: 'dim'}, say('never'));
	const s = (ms - Date.now()) / 1000;
	const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].find(([, one]) => Math.abs(s) >= one) || ['second', 1];
	const text = new Intl.RelativeTimeFormat(say('tag'), {numeric: 'auto'}).format(Math.round(s / size), unit);
	return el('time', {datetime: new Date(ms).toISOString(), title: when(ms)}, text);
}

function duration(s) {
	const unit = s >= 172800 ? ['day', 86400] : s >= 7200 ? ['hour', 3600] : s >= 120 ? ['minute', 60] : ['second', 1];
	return new Intl.NumberFormat(say('tag'), {style: 'unit', unit: unit[0], unitDisplay: 'long', maximumFractionDigits: 0}).format(Math.floor(s / unit[1]));
}

function micros(us) {
	if (us === null || us === undefined)
		return '–';
	return us < 1000 ? `${Math.round(us)} µs` : us < 1e6 ? `${(us / 1000).toFixed(us < 1e4 ? 1 : 0)} ms` : `${(us / 1e6).toFixed(1)} s`;
}

function bytes(n) {
	return n < 1024 ? `${n} B` : n < 1 << 20 ? `${(n / 1024).toFixed(1)} KB` : `${(n / (1 << 20)).toFixed(1)} MB`;
}

/* ---- the server ---- */

class Problem extends Error {
	constructor(status, body) {
		super(body.detail || body.title || String(status));
		Object.assign(this, body);
		this.status = status;
	}

	get words() {
		return has_word(`err_${this.code}`) ? say(`err_${this.code}`, this) : this.message;
	}
}

async function api(method, path, body, signal) {
	const headers = body ? {'Content-Type': 'application/json', 'X-CSRF-Token': app.me ? app.me.csrf : ''} : {};
	let answer;
	try {
		answer = await fetch(`api/${path}`, {method, headers, signal, cache: 'no-store', body: body && JSON.stringify(body)});
	} catch (error) {
		throw error.name === 'AbortError' ? error : new Problem(0, {code: 'offline'});
	}
	const value = await answer.json().catch(() => ({}));
	if (answer.ok)
		return value;
	value.wait = answer.headers.get('Retry-After');
	if (answer.status === 401 && value.code === 'signed-out' && app.me)
		app.expired();
	throw new Problem(answer.status, value);
}

function get(path, query, signal) {
	const q = new URLSearchParams();
	for (const [name, value] of Object.entries(query || {}))
		if (value !== '' && value !== undefined && value !== null && value !== false)
			q.set(name, value === true ? '1' : value);
	return api('GET', String(q) ? `${path}?${q}` : path, undefined, signal);
}

const post = (path, body) => api('POST', path, body || {});

/* ---- pieces ---- */

const button = (words, onclick, more = {}) => el('button', {type: 'button', class: 'button', onclick, ...more}, ...[words].flat());
const link = (part, query, ...words) => el('a', {href: address(part, query)}, ...words);
const tag = (words, kind = '') => el('span', {class: `tag ${kind}`}, words);

function address(part, query) {
	const q = new URLSearchParams(Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== ''));
	return `#/${part}${String(q) ? `?${q}` : ''}`;
}

/* file:line, as a link into the editor for those who may look there. Explanations name files whole: those of the rules
 * are known by their end. */
function place(named, line, words) {
	if (!named)
		return el('span', {class: 'dim'}, say('imported'));
	const file = (app.files || []).find((path) => named.endsWith(`/${path}`)) || named;
	const text = words || `${file}:${line}`;
	if (!may('file') || file.startsWith('/'))
		return el('code', {class: 'place'}, text);
	return el('a', {class: 'place', href: address('edit', {file, line}), title: say('open_line', `${file}:${line}`)}, text);
}

function problem_box(error, again) {
	return el('div', {class: 'problem', role: 'alert'}, el('strong', null, say('went_wrong')),
		el('p', null, error.words || String(error.message || error)),
		again && button(say('retry'), again));
}

const empty = (words) => el('p', {class: 'empty'}, words || say('nothing'));

/* Fills `box` with what draw(await fetcher()) gives; says so while it waits and when it fails. */
async function load(box, life, fetcher, draw) {
	box.setAttribute('aria-busy', 'true');
	if (!box.childNodes.length)
		box.append(el('p', {class: 'wait', role: 'status'}, say('loading')));
	try {
		const value = await fetcher();
		if (!life.aborted)
			box.replaceChildren(...[draw(value)].flat());
	} catch (error) {
		if (life.aborted || error.name === 'AbortError')
			return;
		box.replaceChildren(problem_box(error, () => load(box, life, fetcher, draw)));
	}
	box.removeAttribute('aria-busy');
}

function later(ms, fn) {
	let timer = 0;
	const run = (...args) => {
		clearTimeout(timer);
		timer = setTimeout(() => fn(...args), ms);
	};
	run.stop = () => clearTimeout(timer);
	return run;
}

/* Said once, at the lower edge, also to a screen reader. */
function toast(words, kind = '') {
	const node = el('div', {class: `toast ${kind}`}, words);
	app.toasts.append(node);
	setTimeout(() => node.remove(), 6000);
}

function diagnostics(list, pick) {
	return el('ol', {class: 'diagnostics'}, ...list.map((d) => el('li', {class: d.level},
		tag(say(d.level === 'error' ? 'error' : 'warning'), d.level === 'error' ? 'bad' : 'warn'),
		pick ? el('button', {type: 'button', class: 'place', onclick: () => pick(d)}, `${d.file}:${d.line}`) : place(d.file, d.line),
		el('span', {class: 'text'}, d.text))));
}

/* ---- dialogs ---- */

/* A modal box; resolves with the pressed action's name, or '' when it was left. actions: [name, words, kind]. */
function dialog(title, body, actions = [], wide = false) {
	return new Promise((done) => {
		const head = el('h2', {id: 'dialog-title', tabindex: '-1'}, title);
		const buttons = actions.map(([name, words, kind]) =>
			el('button', {type: 'submit', class: `button ${kind || ''}`, value: name}, words));
		const form = el('form', {method: 'dialog'}, el('header', null, head,
			el('button', {type: 'submit', class: 'bare', value: '', 'aria-label': say('close'), formnovalidate: true}, icon('close'))),
		el('div', {class: 'body'}, ...[body].flat()), buttons.length ? el('footer', null, ...buttons) : null);
		const node = el('dialog', {'aria-labelledby': 'dialog-title', class: wide ? 'wide' : false}, form);
		node.addEventListener('close', () => {
			node.remove();
			done(node.returnValue || '');
		});
		node.shut = (value) => node.close(value);
		document.body.append(node);
		node.showModal();
		head.focus();
	});
}

const dialog_close = () => document.querySelectorAll('dialog[open]').forEach((node) => node.close(''));
