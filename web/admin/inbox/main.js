/* The agent's page: three columns on a desk, one at a time on a phone; the address says which chat (#/SESSION, #/SESSION/info). */

Object.assign(ICONS, {
	clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2',
	left: 'M15 5l-7 7 7 7',
	inbox: 'M4 13l2.5-8h11L20 13v6H4v-6Zm0 0h5l1.5 2.5h3L15 13h5',
	sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
	mute: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5',
	keys: 'M3 6.5h18v11H3v-11ZM7 10h.01M11 10h.01M15 10h.01M18 10h.01M7 14h10',
	gauge: 'M4 19V10M10 19V5M16 19v-7M21 19H3',
});

const TICK_MS = 15000;
const page = {desk: null, list: null, talk: null, info: null, end: null};

/* ---- the frame ---- */

function frame_sound() {
	const node = document.getElementById('sound');
	if (node) {
		node.replaceChildren(icon(alerts.on ? 'sound' : 'mute'));
		node.setAttribute('aria-pressed', String(alerts.on));
	}
}

function top_bar() {
	if (!app.me)
		return el('header', {class: 'side-bar'}, brand(), el('div', {class: 'foot'}, switches()));
	page.presence = el('button', {type: 'button', role: 'switch', class: 'presence', id: 'presence', 'aria-checked': 'false', disabled: true, onclick: () => page.desk.online(page.desk.presence !== 'online')});
	page.link = el('span', {class: 'link-state', role: 'status'});
	const round = (id, name, drawn, fn, more = {}) => el('button', {type: 'button', class: 'bare round', id, 'aria-label': say(name), title: say(name), onclick: fn, ...more}, icon(drawn));
	return el('header', {class: 'top-bar'}, brand(), el('span', {class: 'where', 'aria-hidden': 'true'}, say('inbox')), page.presence, page.link, el('span', {class: 'grow'}),
		round('sound', 'sound', 'sound', () => {
			alerts.switch_to(!alerts.on);
			frame_sound();
		}, {'aria-pressed': 'true'}), round('keys', 'keys', 'keys', help_open),
		el('a', {class: 'bare round', href: './', 'aria-label': say('console'), title: say('console')}, icon('gauge')),
		switches(), el('span', {class: 'name'}, app.me.name), button(say('sign_out'), sign_out, {class: 'button small', id: 'sign-out'}));
}

function frame() {
	titles.clear();
	leave();
	document.documentElement.lang = say('tag');
	alerts.title(0);
	const skip = el('a', {class: 'skip', href: '#main', onclick: (event) => {
		event.preventDefault();
		app.main.querySelector('textarea, .chat, [role=tab]').focus();
	}}, say('skip'));
	app.main = el('main', {id: 'main', tabindex: '-1'});
	app.toasts = el('div', {class: 'toasts', role: 'status'});
	document.body.className = app.me ? 'inbox' : 'out';
	document.body.replaceChildren(skip, top_bar(), app.main, app.toasts);
	if (!app.me)
		enter();
	else if (!may('desk/canned'))
		app.main.append(el('div', {class: 'door card'}, problem_box({words: say('err_role')})));
	else
		desk_show();
	frame_sound();
}

function leave() {
	if (page.end)
		page.end.abort();
	page.end = page.desk = null;
}

app.expired = () => {
	leave();
	dialog_close();
	app.me = null;
	app.lapsed = true;
	frame();
};

async function sign_out() {
	const mine = [...page.desk.chats.values()].filter((c) => page.desk.mine(c.session)).length;
	if (mine && await dialog(say('sign_out'), el('p', null, say('sign_out_sure', mine)), [['', say('cancel')], ['go', say('sign_out'), 'danger']]) !== 'go')
		return;
	desk_kept.put('presence', null);
	leave();
	await post('logout').catch(() => {});
	app.me = null;
	app.lapsed = false;
	history.replaceState(null, '', location.pathname);
	frame();
}

/* ---- what is done to a conversation ---- */

const act = {
	take: (session) => page.desk.take(session),
	take_over: (session) => page.desk.take(session),
	async transfer(session) {
		const to = await transfer_ask(page.desk, session);
		if (to)
			page.desk.wire.send({type: 'transfer', ...to});
	},
	async release(session) {
		if (await sure_ask('release', 'release_sure', 'release', 'primary'))
			page.desk.wire.send({type: 'release', session});
	},
	async finish(session) {
		if (await sure_ask('finish', 'finish_sure', 'finish_now', 'danger'))
			page.desk.wire.send({type: 'close', session});
	},
	note(session) {
		location.hash = `#/${session}`;
		page.talk.compose.mode('note', true);
	},
	earlier: earlier_open,
};

/* ---- what the desk tells ---- */

const told = {
	desk() {
		page.list.draw();
		presence_show();
		link_show();
		route();
		badge();
	},
	chats(session) {
		page.list.draw();
		if (session === page.talk.session)
			page.talk.chat();
		badge();
	},
	agents: () => presence_show(),
	link: () => link_show(),
	line(session, line) {
		if (session === page.talk.session) {
			page.talk.line(line);
			page.info.notes_draw();
			if (line.side === 'learner')
				page.talk.compose.suggest_soon();
		}
		if (line.side === 'learner' && page.desk.mine(session) && (document.hidden || !document.hasFocus() || session !== page.talk.session))
			alerts.play('message');
	},
	lines(session) {
		if (session === page.talk.session) {
			page.talk.lines();
			page.info.notes_draw();
			page.talk.compose.suggest_soon();
		}
	},
	pending: (session) => session === page.talk.session && page.talk.pending(),
	typing: (session) => session === page.talk.session && page.talk.show_typing(),
	queued(session) {
		const chat = page.desk.chats.get(session);
		if (page.desk.presence === 'online' && chat)
			alerts.play('queued');
		if (chat)
			toast(say(chat.state === 'left' ? 'new_left' : 'new_queued', who_of(chat)));
	},
	taken(session) {
		location.hash = `#/${session}`;
		setTimeout(() => page.talk.session === session && page.talk.compose.area.focus());
	},
	given(session) {
		toast(say('given', who_of(page.desk.chats.get(session))), 'good');
		alerts.play('queued');
	},
	lost(session) {
		const chat = page.desk.chats.get(session);
		toast(say(chat.state === 'agent' ? 'lost' : 'requeued', chat.agent_display || chat.agent || chat.team));
	},
	gone: (session) => session === page.talk.session && page.talk.chat(),
	refused(session, frame_) {
		const chat = session && page.desk.chats.get(session);
		const name = `refused_${frame_.code}`;
		toast(has_word(name) ? say(name, chat && (chat.agent_display || chat.agent) || say('a_colleague')) : frame_.message, 'warn');
	},
};

function presence_show() {
	const on = page.desk.presence === 'online', others = page.desk.agents.filter((a) => a.name !== page.desk.me && a.presence === 'online').length;
	page.presence.disabled = !page.desk.known;
	page.presence.setAttribute('aria-checked', String(on));
	page.presence.replaceChildren(el('span', {class: 'knob', 'aria-hidden': 'true'}), say(on ? 'online_now' : 'away_now'));
	page.presence.title = say('colleagues', others);
}

function link_show() {
	const {desk} = page;
	page.link.className = `link-state ${desk.up ? '' : 'down'}`;
	page.link.textContent = desk.up ? desk.hours.open ? '' : say('out_of_hours', desk.hours.opens ? when(new Date(desk.hours.opens).getTime()) : '') : say(desk.known ? 'link_down' : 'link_first');
	page.talk.pending();
}

function badge() {
	const {mine, queued, left} = page.list.groups();
	alerts.title(mine.reduce((n, c) => n + c.unread, 0) + queued.length + left.length);
}

/* ---- parts ---- */

function desk_show() {
	page.end = new AbortController();
	const life = page.end.signal;
	const column = (name, words) => el('section', {class: `col ${name}`, 'aria-label': say(words)});
	const list = column('list', 'chats'), talk = column('one', 'talk'), info = column('learner', 'learner_info');
	app.main.append(el('h1', {class: 'unseen'}, say('inbox')), list, talk, info);
	page.desk = new Desk((what, ...more) => life.aborted || told[what] && told[what](...more), life);
	page.list = new ChatList(page.desk, list);
	page.talk = new TalkView(page.desk, talk, act);
	page.info = new LearnerView(page.desk, info, act);
	page.list.draw();
	presence_show();
	link_show();
	route();
	canned.load().catch(() => {});
	const tick = setInterval(() => {
		if (!document.hidden)
			page.list.draw();
	}, TICK_MS), second = setInterval(() => page.talk.show_typing(), 1000);
	life.addEventListener('abort', () => [tick, second].forEach(clearInterval));
	addEventListener('focus', () => page.talk.looked(), {signal: life});
	document.addEventListener('visibilitychange', () => page.talk.looked(), {signal: life});
	document.addEventListener('keydown', key, {signal: life});
}

function route() {
	if (!page.desk)
		return;
	const [, session = '', info] = /^#\/(\w*)(?:\/(info))?/.exec(location.hash) || [];
	document.body.dataset.view = !session ? 'list' : info ? 'info' : 'talk';
	const other = page.desk.selected !== session;
	if (session && other && page.desk.up)
		page.desk.open(session);
	page.desk.selected = session;
	page.talk.show(session);
	page.info.show(session);
	if (other || !session)
		page.list.draw();
	if (session && page.list.tab === 'chats' && (page.desk.chats.get(session) || {}).state === 'left')
		page.list.show_tab('left');
}

addEventListener('hashchange', () => {
	dialog_close();
	route();
	if (page.desk && matchMedia('(max-width: 860px)').matches)
		(document.body.dataset.view === 'list' ? app.main.querySelector('[aria-selected=true]') : app.main.querySelector(document.body.dataset.view === 'info' ? '.learner h2' : '.one h2')).focus();
});

/* ---- keys ---- */

function walk(step) {
	const {order} = page.list, at = order.indexOf(page.desk.selected);
	if (order.length)
		location.hash = `#/${order[at < 0 ? (step > 0 ? 0 : order.length - 1) : (at + step + order.length) % order.length]}`;
}

/* The chat that is open when it can be taken, else the one that waits longest. */
function take_next() {
	const chat = page.desk.chats.get(page.desk.selected);
	const next = chat && (chat.state !== 'agent' || chat.agent_away) && !page.desk.mine(chat.session) ? chat : page.list.groups().queued[0];
	if (next)
		page.desk.take(next.session);
}

const ALT_KEYS = {
	ArrowUp: () => walk(-1),
	ArrowDown: () => walk(1),
	KeyA: take_next,
	KeyN: () => page.desk.mine(page.desk.selected) && page.talk.compose.mode(page.talk.compose.kind === 'note' ? 'say' : 'note', true),
	KeyT: () => page.desk.mine(page.desk.selected) && act.transfer(page.desk.selected),
	KeyW: () => page.desk.mine(page.desk.selected) && act.finish(page.desk.selected),
	Digit1: () => page.talk.compose.take(0),
	Digit2: () => page.talk.compose.take(1),
	Digit3: () => page.talk.compose.take(2),
};

function key(event) {
	if (document.querySelector('dialog[open]') || event.isComposing)
		return;
	const name = Object.hasOwn(ALT_KEYS, event.code) ? event.code : event.key;
	if (event.altKey && !event.ctrlKey && !event.metaKey && Object.hasOwn(ALT_KEYS, name)) {
		event.preventDefault();
		ALT_KEYS[name]();
	} else if (event.key === '?' && !event.target.closest('input, textarea, select') && kept_choice('kefu-inbox-keys', ['on', 'off']) !== 'off') {
		event.preventDefault();
		help_open();
	} else if (event.key === 'Escape' && event.target === page.talk.compose.area) {
		page.talk.log.focus();
	}
}

door_open();
