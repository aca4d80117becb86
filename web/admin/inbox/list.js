/* The left column: my chats, who waits, what colleagues have, and left messages. */

const LONG_WAIT_MS = 5 * 60000;

/* A guest's name in the database is nobody's. */
const is_guest = (user) => !user || user.startsWith('guest:');
const who_of = (chat) => is_guest(chat.user) ? `${say('guest')} ${chat.session.slice(0, 4)}` : /^\d+$/.test(chat.user) ? `${say('learner')} ${chat.user}` : chat.user;
const lang_of = (tag_) => /^zh/i.test(tag_) ? '中文' : /^en/i.test(tag_) ? 'English' : tag_;

function waited(ms) {
	const minutes = Math.floor((Date.now() - ms) / 60000);
	return minutes < 1 ? say('just_now') : minutes < 60 ? say('minutes', minutes) : say('hours', Math.floor(minutes / 60));
}

const avatar = (chat) => el('span', {class: `avatar ${chat.learner_online ? 'on' : ''}`, 'aria-hidden': 'true'}, is_guest(chat.user) ? icon('person') : [...chat.user][0].toUpperCase());

function last_words(chat) {
	if (!chat.last)
		return chat.note || '–';
	const {side, text} = chat.last;
	return side === 'learner' ? text : `${say(`side_${side}`)}: ${text}`;
}

/* Makes `nodes` the children of `parent`, touching only what differs. */
function nodes_sync(parent, nodes) {
	const wanted = new Set(nodes);
	[...parent.children].forEach((node) => wanted.has(node) || node.remove());
	nodes.forEach((node, i) => parent.children[i] === node || parent.insertBefore(node, parent.children[i] || null));
}

class ChatList {
	constructor(desk, node) {
		this.desk = desk;
		this.tab = 'chats';
		this.sections = new Map();
		this.rows = new Map(); /* session -> {said, node} */
		this.tabs = ['chats', 'left'].map((name) => el('button', {type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'list-panel', onclick: () => this.show_tab(name), onkeydown: (event) => this.#arrow(event)}));
		this.panel = el('div', {id: 'list-panel', class: 'panel', role: 'tabpanel', tabindex: '-1'});
		node.append(el('div', {class: 'tabs', role: 'tablist', 'aria-label': say('inbox')}, ...this.tabs), this.panel);
	}

	show_tab(name, focus = false) {
		this.tab = name;
		this.draw();
		if (focus)
			document.getElementById(`tab-${name}`).focus();
	}

	#arrow(event) {
		if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')
			return;
		event.preventDefault();
		this.show_tab(this.tab === 'chats' ? 'left' : 'chats', true);
	}

	/* Sessions in the order they are shown, for the keys that walk. */
	get order() {
		return [...this.panel.querySelectorAll('a[data-session]')].map((a) => a.dataset.session);
	}

	groups() {
		const all = [...this.desk.chats.values()];
		const waits = (a, b) => a.waiting_since - b.waiting_since, newest = (a, b) => (b.last ? b.last.at : b.since) - (a.last ? a.last.at : a.since);
		const held = all.filter((c) => c.state === 'agent');
		return {
			mine: held.filter((c) => c.agent === this.desk.me).sort((a, b) => Boolean(b.unread) - Boolean(a.unread) || newest(a, b)),
			queued: all.filter((c) => c.state === 'queued').sort(waits),
			others: held.filter((c) => c.agent !== this.desk.me).sort((a, b) => b.agent_away - a.agent_away || newest(a, b)),
			left: all.filter((c) => c.state === 'left').sort(waits),
		};
	}

	draw() {
		const groups = this.groups();
		const [chats, left] = this.tabs;
		chats.replaceChildren(say('chats'), this.#badge(groups.mine.reduce((n, c) => n + c.unread, 0) + groups.queued.length));
		left.replaceChildren(say('left_messages'), this.#badge(groups.left.length));
		this.tabs.forEach((node, i) => {
			const on = (i === 0) === (this.tab === 'chats');
			node.setAttribute('aria-selected', String(on));
			node.tabIndex = on ? 0 : -1;
		});
		this.panel.setAttribute('aria-labelledby', `tab-${this.tab}`);
		nodes_sync(this.panel, this.tab === 'left' ? [this.#group('left', groups.left, say('left_none'))]
			: [this.#group('mine', groups.mine, say('mine_none')), this.#group('queued', groups.queued, say('queue_none')), ...(groups.others.length ? [this.#group('others', groups.others)] : [])]);
		for (const key of this.rows.keys())
			if (!this.desk.chats.has(key))
				this.rows.delete(key);
	}

	#badge(n) {
		return n ? el('span', {class: 'count'}, String(n), el('span', {class: 'unseen'}, say('waiting_n'))) : '';
	}

	/* Sections and rows stay the same nodes while they say the same: a press or the focus is not lost under a redraw. */
	#group(name, chats, none) {
		if (!this.sections.has(name)) {
			const count = el('span', {class: 'dim'}), list = el('ul'), nothing = el('p', {class: 'none'}, none);
			const node = el('section', {class: `group-of ${name}`, 'aria-labelledby': `group-${name}`}, el('h2', {id: `group-${name}`}, say(`group_${name}`), count), list, nothing);
			this.sections.set(name, {node, count, list, nothing});
		}
		const {node, count, list, nothing} = this.sections.get(name);
		count.textContent = ` ${chats.length}`;
		nothing.hidden = chats.length > 0;
		list.hidden = !chats.length;
		nodes_sync(list, chats.map((chat) => this.#kept_row(chat)));
		return node;
	}

	#kept_row(chat) {
		const said = JSON.stringify([chat, this.desk.selected === chat.session, waited(chat.waiting_since), waited(chat.last ? chat.last.at : chat.since)]);
		const was = this.rows.get(chat.session);
		if (was && was.said === said)
			return was.node;
		const node = this.#row(chat), focus = was && was.node.contains(document.activeElement) ? document.activeElement.localName : '';
		this.rows.set(chat.session, {said, node});
		if (focus)
			setTimeout(() => node.isConnected && node.querySelector(focus) && node.querySelector(focus).focus({preventScroll: true}));
		return node;
	}

	#row(chat) {
		const {desk} = this, mine = desk.mine(chat.session), waits = chat.state !== 'agent';
		const long = waits && chat.state === 'queued' && Date.now() - chat.waiting_since > LONG_WAIT_MS;
		const when_ = waits ? el('span', {class: long ? 'since long' : 'since', title: when(chat.waiting_since)}, icon('clock'), ' ', waited(chat.waiting_since))
			: el('span', {class: 'dim', title: when(chat.last ? chat.last.at : chat.since)}, waited(chat.last ? chat.last.at : chat.since));
		const marks = [chat.team && tag(chat.team), !mine && !waits && tag(chat.agent_display || chat.agent, chat.agent_away ? 'warn' : ''), !mine && chat.agent_away && tag(say('agent_away'), 'warn'),
			mine && !chat.learner_online && tag(say('learner_gone'))].filter(Boolean);
		const unread = mine && chat.unread ? el('span', {class: 'count'}, String(chat.unread), el('span', {class: 'unseen'}, say('unread'))) : '';
		const link_ = el('a', {href: `#/${chat.session}`, 'data-session': chat.session, 'aria-current': desk.selected === chat.session ? 'true' : false, class: unread ? 'fresh' : false},
			avatar(chat), el('span', {class: 'about'}, el('span', {class: 'top'}, el('b', null, who_of(chat)), when_),
				el('span', {class: 'bottom'}, el('span', {class: 'words'}, last_words(chat)), unread), marks.length ? el('span', {class: 'marks'}, ...marks) : null));
		const take = waits ? button(say('take'), () => desk.take(chat.session), {class: 'button small take', 'aria-label': say('take_of', who_of(chat))}) : null;
		return el('li', {'data-key': chat.session}, link_, take);
	}
}
