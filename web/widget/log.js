/* The list of messages: one row an entry, drawn again when the entry changes. */

const LOG_GAP_MS = 15 * 60e3;

function log_face(who) {
	return icon(who === 'agent' ? 'person' : 'bot');
}

class Log {
	/* act = {press(button), retry(entry), rate(entry, helpful), viewed(course, entry), seen(courses, entry),
	 * dismissed(course, entry)}; say(name, arg) is a text. */
	constructor(say, act) {
		this.say = say;
		this.act = act;
		this.rows = new Map();
		this.last_at = 0;
		this.list = el('div', {class: 'list', role: 'log', 'aria-live': 'polite'});
		this.typing = el('div', {class: 'row bot typing', hidden: true},
			el('span', {class: 'face'}),
			el('span', {class: 'bubble'}, el('i'), el('i'), el('i'), el('span', {class: 'unseen'})));
		this.jump = el('button', {class: 'jump', type: 'button', hidden: true, onclick: () => this.to_end()},
			icon('down'), el('span'));
		this.scroll = el('div', {class: 'scroll', tabindex: '0', onscroll: () => this.#scrolled()},
			this.list, this.typing);
		this.node = el('div', {class: 'log'}, this.scroll, this.jump);
		this.stuck = true; /* to the end, also when the box below grows */
		new ResizeObserver(() => this.stuck && this.to_end()).observe(this.scroll);
	}

	/* Everything anew: another language, another conversation. Not read out again by screen readers. */
	draw(entries) {
		this.list.setAttribute('aria-live', 'off');
		this.list.setAttribute('aria-label', this.say('log'));
		this.scroll.setAttribute('aria-label', this.say('log'));
		this.typing.querySelector('.unseen').textContent = this.say('typing');
		this.jump.lastChild.textContent = this.say('jump');
		this.list.replaceChildren();
		this.rows.clear();
		this.last_at = 0;
		for (const entry of entries)
			this.#append(entry);
		this.to_end();
		setTimeout(() => this.list.setAttribute('aria-live', 'polite'), 100);
	}

	add(entry) {
		const follow = this.#at_end() || entry.who === 'me';
		const row = this.#append(entry);
		if (!follow)
			this.jump.hidden = false;
		else if (row.offsetHeight > this.scroll.clientHeight)
			row.scrollIntoView({block: 'start'});
		else
			this.to_end();
	}

	/* Only the parts that change are replaced: a whole new row would be read out a second time. */
	change(entry) {
		const row = this.rows.get(entry.key);
		if (!row || entry.who === 'note')
			return;
		const [old, now] = entry.who === 'me'
			? [row.querySelector('.under'), this.#under(entry)]
			: [row.querySelector('.votes'), this.#votes(entry)];
		const focused = old.querySelector(':focus');
		const name = focused && focused.dataset.name;
		const follow = this.#at_end();
		old.replaceWith(now);
		if (name)
			(now.querySelector(`[data-name="${name}"]`) || this.scroll).focus();
		if (follow)
			this.to_end();
	}

	show_typing(on, who) {
		const follow = this.#at_end();
		if (on)
			this.typing.firstChild.replaceChildren(log_face(who));
		this.typing.hidden = !on;
		if (on && follow)
			this.to_end();
	}

	to_end() {
		this.scroll.scrollTop = this.scroll.scrollHeight;
		this.jump.hidden = true;
	}

	#at_end() {
		return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 48;
	}

	#scrolled() {
		this.stuck = this.#at_end();
		if (this.stuck)
			this.jump.hidden = true;
	}

	#append(entry) {
		if (entry.at - this.last_at > LOG_GAP_MS)
			this.list.append(el('div', {class: 'time'}, this.#time(entry.at)));
		this.last_at = entry.at;
		for (const old of this.list.querySelectorAll('.replies'))
			old.remove();
		const row = this.#row(entry);
		this.rows.set(entry.key, row);
		this.list.append(row);
		return row;
	}

	#time(at) {
		const date = new Date(at);
		const clock = date.toLocaleTimeString(this.say('tag'), {hour: '2-digit', minute: '2-digit'});
		const day = date.toDateString() === new Date().toDateString()
			? this.say('today')
			: date.toLocaleDateString(this.say('tag'), {month: 'short', day: 'numeric'});
		return `${day} ${clock}`;
	}

	#row(entry) {
		if (entry.who === 'note')
			return el('div', {class: 'note'}, this.say(entry.code, entry.args || {}));
		return entry.who === 'me' ? this.#mine(entry) : this.#theirs(entry);
	}

	#mine(entry) {
		return el('div', {class: 'row me'},
			el('div', {class: 'bubble', dir: 'auto'},
				el('span', {class: 'unseen', dir: 'ltr'}, this.say('said_me')), el('p', null, entry.text)),
			this.#under(entry));
	}

	#under(entry) {
		const under = el('div', {class: `under ${entry.status}`});
		if (entry.status === 'sending')
			under.append(this.say('sending'));
		if (entry.status === 'failed')
			under.append(this.say(entry.error || 'failed'), ' ',
				el('button', {class: 'retry', type: 'button', 'data-name': 'retry',
					onclick: () => this.act.retry(entry)}, this.say('retry')));
		return under;
	}

	#theirs(entry) {
		const body = el('div', {class: 'body'});
		if (entry.name)
			body.append(el('div', {class: 'name'}, entry.name));
		if (entry.text)
			body.append(el('div', {class: 'bubble', dir: 'auto'},
				el('span', {class: 'unseen', dir: 'ltr'}, this.say('said_bot')), markup_read(entry.text)));
		if (entry.courses && entry.courses.length)
			body.append(this.#cards(entry));
		body.append(this.#votes(entry));
		if (entry.buttons && entry.buttons.length && this.#newest(entry))
			body.append(this.#replies(entry));
		return el('div', {class: `row ${entry.who}`},
			el('span', {class: 'face'}, log_face(entry.who)), body);
	}

	/* What came of a list of courses is told to whoever gave it. */
	#cards(entry) {
		const courses = entry.courses.filter((course) => !chat_gone(entry, course.id));
		return cards_draw(courses, this.say, {viewed: (course) => this.act.viewed(course, entry),
			dismissed: (course) => this.act.dismissed(course, entry)},
		entry.list && ((ids) => this.act.seen(ids, entry)));
	}

	/* Suggestions answer the message above them, so they go with the next one. */
	#newest(entry) {
		const row = this.rows.get(entry.key);
		return !row || row === this.list.lastElementChild;
	}

	#replies(entry) {
		return el('div', {class: 'replies', role: 'group', 'aria-label': this.say('replies')},
			...entry.buttons.map((button) => el('button', {type: 'button',
				onclick: () => this.act.press(button)}, String(button.title || button.value || ''))));
	}

	#votes(entry) {
		if (!entry.rate)
			return el('div', {class: 'votes', hidden: true});
		const vote = entry.vote;
		const one = (name, helpful) => el('button', {type: 'button', 'data-name': name, title: this.say(name),
			'aria-label': this.say(name), 'aria-pressed': String(Boolean(vote && vote.helpful === helpful)),
			onclick: () => this.act.rate(entry, helpful)}, icon('good'));
		return el('div', {class: 'votes'}, one('good', true), one('bad', false),
			vote && el('span', null, this.say('thanks')));
	}
}
