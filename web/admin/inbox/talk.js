/* The middle column: one conversation, line by line, and what may be done with it. */

const NEAR_PX = 80; /* so near the end, new lines are followed */

const titles = new Map();

/* An intent's title (or an FAQ entry's question) for people: asked for once, its name until it has come. */
function title_of(intent) {
	const node = el('span', {'data-intent': intent}, titles.get(intent) || intent.replace(/^faq:/, ''));
	if (!titles.has(intent)) {
		titles.set(intent, '');
		const faq = intent.startsWith('faq:'), words = (texts) => texts && (texts[app.lang] || texts['*'] || Object.values(texts)[0] || [])[0];
		get(faq ? 'faq' : 'rules', faq ? {id: intent.slice(4)} : {name: intent}).then((got) => {
			const title = faq ? got.faq[0] && words(got.faq[0].question) : got.rules[0] && words(got.rules[0].title);
			titles.set(intent, title || '');
			if (title)
				document.querySelectorAll(`[data-intent="${CSS.escape(intent)}"]`).forEach((one) => (one.textContent = title));
		}, () => titles.delete(intent));
	}
	return node;
}

const clock_of = (ms) => el('time', {datetime: new Date(ms).toISOString(), title: when(ms)}, clock(ms));

/* An event line has a word for what happened, and who did it. */
function event_words(line) {
	const name = `event_${line.text}`;
	return has_word(name) ? say(name, line.by || say('learner')) : line.text;
}

function line_show(line, me) {
	if (line.side === 'event')
		return el('p', {class: 'note', 'data-n': line.n}, event_words(line), ' ', clock_of(line.at));
	const mine = line.side === 'agent' || line.side === 'note', by = mine ? (line.by === me ? say('you') : line.by) : say(`side_${line.side}`);
	const side = {learner: 'them', bot: 'me bot', agent: 'me', note: 'me jotting'}[line.side] || 'them';
	const words = line.side === 'learner' ? el('p', null, line.text) : markup_read(line.text);
	return el('div', {class: `row ${side}`, 'data-n': line.n}, el('div', {class: 'bubble'}, el('span', {class: 'unseen'}, `${by}: `), words),
		el('div', {class: 'under'}, line.side === 'note' ? tag(say('note'), 'warn') : null, line.side === 'learner' ? null : el('span', {class: 'dim', 'aria-hidden': 'true'}, by),
			line.intent ? el('span', {class: 'dim'}, title_of(line.intent)) : null, el('span', {class: 'dim'}, clock_of(line.at))));
}

const day_of = (ms) => new Date(ms).toLocaleDateString(say('tag'), {month: 'long', day: 'numeric', weekday: 'short'});

class TalkView {
	constructor(desk, node, act) {
		Object.assign(this, {desk, node, act, session: ''});
		this.title = el('h2', {tabindex: '-1'});
		this.state = el('p', {class: 'dim state'});
		this.acts = el('div', {class: 'acts', role: 'group', 'aria-label': say('actions')});
		this.log = el('div', {class: 'chat', role: 'log', tabindex: '0', 'aria-label': say('talk')});
		this.typing = el('p', {class: 'typing dim', role: 'status'});
		this.banner = el('p', {class: 'banner', role: 'status', hidden: true});
		this.head = el('div', {class: 'talk-head'}, el('a', {class: 'button small back', href: '#/'}, icon('left'), say('back')), el('div', {class: 'grow'}, this.title, this.state), this.acts);
		this.compose = new Compose(desk, this);
		this.empty = el('div', {class: 'nobody'}, icon('inbox'), el('h2', null, say('pick')), el('p', {class: 'dim'}, say('pick_lead')));
		node.append(this.empty, this.head, this.banner, this.log, this.typing, this.compose.node);
		this.log.addEventListener('scroll', () => {
			this.at_end = this.#near();
			this.#read();
		});
		new ResizeObserver(() => this.at_end && this.#end()).observe(this.log);
		this.show('');
	}

	show(session) {
		const other = session !== this.session;
		this.session = session;
		this.node.classList.toggle('open', Boolean(session));
		this.empty.hidden = Boolean(session);
		for (const part of [this.head, this.log, this.compose.node])
			part.hidden = !session;
		if (!session) {
			this.typing.textContent = '';
			this.banner.hidden = true;
			return;
		}
		if (other) {
			this.log.replaceChildren();
			this.compose.show(session);
			this.lines();
		}
		this.chat();
	}

	/* What is known of the chat has changed. */
	chat() {
		const {desk, session} = this, chat = desk.chats.get(session);
		if (!session)
			return;
		this.known = chat || this.known && this.known.session === session && this.known || {session, user: '', state: 'bot'};
		this.title.textContent = who_of(this.known);
		this.state.replaceChildren(...this.#state_of(chat));
		this.#acts_show(chat);
		const mine = desk.mine(session);
		this.banner.hidden = mine;
		this.banner.replaceChildren(...this.#banner_of(chat));
		this.compose.able(mine);
		this.pending();
	}

	/* Only when others may be pressed: a press must not be lost under a redraw. */
	#acts_show(chat) {
		const said = JSON.stringify([this.session, chat && chat.state, chat && chat.agent, chat && chat.agent_away]);
		if (said === this.acts_said)
			return;
		this.acts_said = said;
		const focus = this.acts.contains(document.activeElement);
		this.acts.replaceChildren(...this.#acts_of(chat), el('a', {class: 'button small to-info', href: `#/${this.session}/info`, 'aria-label': say('learner_info')}, icon('person'), say('learner_info')));
		if (focus)
			(this.acts.querySelector('button') || this.title).focus();
	}

	#state_of(chat) {
		if (!chat)
			return [say('state_over')];
		const online = el('span', {class: chat.learner_online ? 'live' : ''}, say(chat.learner_online ? 'learner_here' : 'learner_gone'));
		return [online, chat.team ? ` · ${chat.team}` : '', chat.page ? ` · ${chat.page}` : '', chat.lang ? ` · ${lang_of(chat.lang)}` : ''];
	}

	#acts_of(chat) {
		const {session, act} = this;
		const one = (name, kind = '') => button(say(name), () => act[name](session), {class: `button small ${kind}`, 'data-name': name});
		if (!chat)
			return [];
		if (this.desk.mine(session))
			return [one('transfer'), one('release'), one('finish', 'danger')];
		return chat.state !== 'agent' || chat.agent_away ? [one(chat.state === 'agent' ? 'take_over' : 'take', 'primary')] : [];
	}

	#banner_of(chat) {
		if (!chat)
			return [say('over_lead')];
		if (chat.state === 'agent')
			return [say(chat.agent_away ? 'held_away' : 'held_by', chat.agent_display || chat.agent)];
		return [say(chat.state === 'left' ? 'left_lead' : 'queued_lead', waited(chat.waiting_since)), chat.note ? el('span', {class: 'dim'}, ` ${chat.note}`) : ''];
	}

	/* ---- lines ---- */

	/* All of them anew: silently, a screen reader has no use for the whole past. */
	lines() {
		const {lines, whole} = this.desk.talk(this.session);
		const near = this.#near();
		this.log.setAttribute('aria-live', 'off');
		this.log.replaceChildren();
		this.day = '';
		lines.forEach((line) => this.#append(line));
		if (!lines.length)
			this.log.append(whole ? empty(say('no_lines')) : el('p', {class: 'wait'}, say('loading')));
		this.pending();
		if (near || lines.length)
			this.#end();
		setTimeout(() => this.log.setAttribute('aria-live', 'polite'), 300);
		this.#read();
	}

	line(line) {
		const {lines} = this.desk.talk(this.session), near = this.#near();
		if (lines.at(-1) !== line || lines.length === 1)
			return this.lines();
		this.log.querySelectorAll('.row.sending').forEach((node) => node.remove());
		this.#append(line);
		this.pending();
		if (near || line.side === 'agent' && line.by === this.desk.me)
			this.#end();
		this.#read();
		return undefined;
	}

	#append(line) {
		const day = day_of(line.at);
		if (day !== this.day)
			this.log.append(el('p', {class: 'note day'}, day));
		this.day = day;
		this.log.append(line_show(line, this.desk.me));
	}

	/* What was said and is not confirmed yet, behind the lines. */
	pending() {
		this.log.querySelectorAll('.row.sending').forEach((node) => node.remove());
		const {desk, session} = this;
		const waits = desk.pending.filter((p) => p.session === session && !desk.talk(session).lines.some((line) => line.id === p.id));
		const near = this.#near();
		this.log.append(...waits.map((p) => el('div', {class: `row me sending ${p.kind === 'note' ? 'jotting' : ''} ${p.failed ? 'failed' : ''}`}, el('div', {class: 'bubble'}, p.text),
			el('div', {class: 'under'}, p.failed ? el('span', {class: 'bad', role: 'alert'}, say('not_sent')) : el('span', {class: 'dim'}, say(desk.up ? 'sending' : 'sending_later')),
				p.failed ? el('button', {type: 'button', class: 'plain', onclick: () => desk.again(p.id)}, say('retry')) : null,
				p.failed ? el('button', {type: 'button', class: 'plain', onclick: () => this.compose.put(desk.forget(p.id))}, say('take_back')) : null))));
		if (near && waits.length)
			this.#end();
	}

	show_typing() {
		const {typing_until} = this.desk.talk(this.session);
		const words = this.session && Date.now() < typing_until ? say('is_typing', who_of(this.known)) : '';
		if (this.typing.textContent !== words)
			this.typing.textContent = words;
	}

	#near() {
		return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PX;
	}

	#end() {
		this.at_end = true;
		this.log.scrollTop = this.log.scrollHeight;
	}

	/* Seen is what is at the end of a column that somebody looks at. */
	#read() {
		if (this.session && !document.hidden && document.hasFocus() && this.#near())
			this.desk.read(this.session);
	}

	looked() {
		this.#read();
	}
}
