/* What stands before any page of the staff: language and colours, who it is, and the form to sign in. Each page has a
 * frame() of its own, which is called when any of it changes. */

const dark = matchMedia('(prefers-color-scheme: dark)');

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

function door_open() {
	app.lang = kept_choice('kefu-admin-lang', LANGS) || (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
	app.theme = kept_choice('kefu-admin-theme', ['auto', 'light', 'dark']) || 'auto';
	dark.addEventListener('change', theme_show);
	theme_show();
	start();
}
