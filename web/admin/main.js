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
	inbox: 'M4 13l2.5-8h11L20 13v6H4v-6Zm0 0h5l1.5 2.5h3L15 13h5',
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

const here = {name: '', part: null, end: null};

function lang_show() {
	document.documentElement.lang = say('tag');
	document.title = say('product');
}

/* ---- the frame ---- */

function menu() {
	return el('nav', {'aria-label': say('nav')}, el('ul', null, ...Object.entries(PARTS).filter(([, part]) => may(part.needs)).map(([name, part]) =>
		el('li', null, el('a', {href: address(name), 'data-part': name}, icon(part.icon), el('span', null, say(`part_${name}`)),
			name === 'edit' ? el('span', {class: 'badge', hidden: true}) : null))),
	may('desk/canned') ? el('li', null, el('a', {href: 'inbox', 'data-part': 'inbox'}, icon('inbox'), el('span', null, say('part_inbox')))) : null));
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

/* ---- signing out ---- */

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

addEventListener('hashchange', () => route());
door_open();
