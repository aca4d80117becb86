/* The frame: sign-in, the menu of what one's role may do, and the part that the address names (#/part?key=value). */

const PARTS = {
	overview: {needs: 'stats', icon: 'gauge', show: part_overview},
	unanswered: {needs: 'unanswered', icon: 'help', show: part_unanswered},
	talks: {needs: 'conversations', icon: 'chat', show: part_talks},
	try: {needs: 'ask', icon: 'send', show: part_try},
	rules: {needs: 'rules', icon: 'rules', show: part_rules},
	faq: {needs: 'faq', icon: 'book', show: part_faq},
	edit: {needs: 'file', icon: 'edit', show: part_edit, wide: true},
	audit: {needs: 'audit', icon: 'shield', show: part_audit},
};

Object.assign(ICONS, {
	gauge: 'M4 19V10M10 19V5M16 19v-7M21 19H3',
	help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.3 9.3a2.8 2.8 0 1 1 4 2.6c-.9.5-1.3 1-1.3 2M12 17h.01',
	rules: 'M5 6h.01M9 6h11M5 12h.01M9 12h11M5 18h.01M9 18h11',
	book: 'M12 6.5C10 5 7 4.5 4 4.8v13.4c3-.3 6 .2 8 1.8 2-1.6 5-2.1 8-1.8V4.8c-3-.3-6 .2-8 1.7Zm0 0V20',
	edit: 'M4 20h4L19.5 8.5a2.1 2.1 0 0 0-3-3L5 17l-1 3ZM14.5 7.5l3 3',
	shield: 'M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6L12 3ZM9 12l2 2 4-4.5',
	search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l5 5',
	redo: 'M20 5v5h-5M20 10a8 8 0 1 0 .5 4',
	save: 'M5 4h11l3 3v13H5V4ZM8 4v5h7V4M8 20v-6h8v6',
	clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2',
	chevron: 'M9 6l6 6-6 6',
});

const dark = matchMedia('(prefers-color-scheme: dark)');
const here = {name: '', part: null, end: null};

function keep_choice(name, value) {
	try {
		value === undefined ? localStorage.removeItem(name) : localStorage.setItem(name, value);
	} catch {
		/* Then it holds until the page is left. */
	}
}

function kept_choice(name, among) {
	try {
		const value = localStorage.getItem(name);
		return among.includes(value) ? value : null;
	} catch {
		return null;
	}
}

function theme_show() {
	document.documentElement.dataset.theme = app.theme === 'auto' ? (dark.matches ? 'dark' : 'light') : app.theme;
}

function lang_show() {
	document.documentElement.lang = say('tag');
	document.title = say('product');
}

/* ---- the frame ---- */

function switches() {
	const theme = el('select', {'aria-label': say('theme'), onchange: () => {
		app.theme = theme.value;
		keep_choice('kefu-admin-theme', theme.value);
		theme_show();
	}}, ...['auto', 'light', 'dark'].map((name) => el('option', {value: name, selected: app.theme === name}, say(`theme_${name}`))));
	const lang = el('button', {type: 'button', class: 'bare', id: 'lang', lang: app.lang === 'zh' ? 'en' : 'zh-CN', onclick: () => {
		app.lang = app.lang === 'zh' ? 'en' : 'zh';
		keep_choice('kefu-admin-lang', app.lang);
		frame();
		document.getElementById('lang').focus();
	}}, say('other_lang'));
	return el('div', {class: 'switches'}, lang, theme);
}

const brand = () => el('p', {class: 'brand'}, el('img', {src: '/favicon.svg', alt: '', width: '28', height: '28'}), el('span', null, say('product')));

function menu() {
	return el('nav', {'aria-label': say('nav')}, el('ul', null, ...Object.entries(PARTS).filter(([, part]) => may(part.needs)).map(([name, part]) =>
		el('li', null, el('a', {href: address(name), 'data-part': name}, icon(part.icon), el('span', null, say(`part_${name}`)),
			name === 'edit' ? el('span', {class: 'badge', hidden: true}) : null)))));
}

function frame() {
	lang_show();
	leave();
	const skip = el('a', {class: 'skip', href: '#main', onclick: (event) => {
		event.preventDefault();
		app.main.focus();
	}}, say('skip'));
	app.main = el('main', {id: 'main', tabindex: '-1'});
	app.toasts = el('div', {class: 'toasts', role: 'status'});
	const who = app.me && el('div', {class: 'who'}, el('span', {class: 'name'}, app.me.name), tag(say(`role_${app.me.role}`)), button(say('sign_out'), sign_out, {class: 'button small', id: 'sign-out'}));
	document.body.className = app.me ? 'in' : 'out';
	document.body.replaceChildren(skip, el('header', {class: 'side-bar'}, brand(), app.me ? menu() : null, el('div', {class: 'foot'}, who, switches())), app.main, app.toasts);
	if (app.me) {
		drafts_show();
		route(false);
	} else {
		enter();
	}
}

/* ---- signing in and out ---- */

function enter() {
	if (app.problem)
		app.main.append(el('div', {class: 'door card'}, problem_box(app.problem, start)));
	else
		app.main.append(app.setup ? setup_show() : login_show());
}

function setup_show() {
	const command = `kefu staff add NAME --role admin --db ${app.setup}`;
	return el('section', {class: 'door card'}, el('h1', null, say('no_account')), el('p', null, say('no_account_lead')), el('pre', {class: 'raw', tabindex: '0'}, el('code', null, command)),
		el('p', {class: 'buttons'}, button(say('copy'), () => navigator.clipboard.writeText(command).then(() => toast(say('copied'), 'good'), () => {})), button(say('again'), start, {class: 'button primary'})));
}

function login_show() {
	const wrong = el('p', {class: 'bad', role: 'alert'}, app.lapsed ? say('signed_out') : '');
	const name = el('input', {name: 'name', autocomplete: 'username', required: true, maxlength: '64', autocapitalize: 'none', spellcheck: 'false'});
	const password = el('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true});
	const send = el('button', {type: 'submit', class: 'button primary'}, say('sign_in'));
	const form = el('form', {class: 'door card'}, el('h1', null, say('sign_in')), el('p', {class: 'dim'}, say('sign_in_lead')),
		el('label', null, el('span', null, say('name')), name), el('label', null, el('span', null, say('password')), password), wrong, send);
	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		send.disabled = true;
		wrong.textContent = '';
		try {
			app.me = await post('login', {name: name.value, password: password.value});
			app.lapsed = false;
			frame();
			app.main.focus();
		} catch (error) {
			wrong.textContent = error.words;
			password.value = '';
			password.focus();
		}
		send.disabled = false;
	});
	setTimeout(() => document.activeElement === document.body && name.focus());
	return form;
}

async function sign_out() {
	if (drafts.list().length && await dialog(say('sign_out'), el('p', null, say('discard_sure')), [['', say('cancel')], ['go', say('sign_out'), 'danger']]) !== 'go')
		return;
	leave();
	drafts.list().forEach((path) => drafts.drop(path));
	try {
		await post('logout');
	} catch (error) {
		if (error.status !== 401)
			return toast(error.words, 'bad');
	}
	app.me = null;
	app.lapsed = false;
	history.replaceState(null, '', location.pathname);
	frame();
}

/* The sign-in has lapsed: unsaved work is in the drafts, the address stays. */
app.expired = () => {
	leave();
	dialog_close();
	app.me = null;
	app.lapsed = true;
	frame();
};

/* ---- parts ---- */

function address_read() {
	const [, name, query] = /^#?\/?(\w*)\??(.*)$/.exec(location.hash) || [];
	const first = Object.keys(PARTS).find((one) => may(PARTS[one].needs));
	return {name: Object.hasOwn(PARTS, name) && may(PARTS[name].needs) ? name : first, query: Object.fromEntries(new URLSearchParams(query))};
}

function leave() {
	if (here.end)
		here.end.abort();
	here.end = here.part = null;
	here.name = '';
}

function route(moved = true) {
	if (!app.me)
		return;
	const {name, query} = address_read();
	if (here.name === name && here.part && here.part.again && here.part.again(query))
		return;
	leave();
	dialog_close();
	here.end = new AbortController();
	here.name = name;
	const root = el('div', {class: `part ${name}`});
	const head = el('h1', {tabindex: '-1'}, say(`part_${name}`));
	app.main.className = PARTS[name].wide ? 'full' : '';
	app.main.replaceChildren(el('div', {class: 'heading'}, head, el('p', {class: 'dim'}, say(`lead_${name}`))), root);
	document.title = `${say(`part_${name}`)} · ${say('product')}`;
	for (const a of document.querySelectorAll('nav a')) {
		a.dataset.part === name ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current');
		if (a.dataset.part === name)
			a.scrollIntoView({block: 'nearest', inline: 'nearest'});
	}
	if (moved)
		head.focus({preventScroll: true});
	scrollTo(0, 0);
	here.part = PARTS[name].show(root, query, here.end.signal);
}

async function start() {
	app.problem = app.setup = null;
	try {
		app.me = await get('me');
	} catch (error) {
		if (error.status !== 401)
			app.problem = error;
		app.setup = error.setup ? error.db || 'kefu.db' : null;
	}
	frame();
}

app.lang = kept_choice('kefu-admin-lang', LANGS) || (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
app.theme = kept_choice('kefu-admin-theme', ['auto', 'light', 'dark']) || 'auto';
dark.addEventListener('change', theme_show);
addEventListener('hashchange', () => route());
theme_show();
start();
