/* The right column: who the learner is, what they study, what they asked lately, and the staff's notes. */

const LEARNER_COURSES = 6;

function course_show(course) {
	const share = typeof course.progress === 'number' ? Math.max(0, Math.min(1, course.progress)) : null;
	const bar = el('span', {class: 'bar', 'aria-hidden': 'true'});
	bar.style.inlineSize = `${(share || 0) * 100}%`;
	const marks = [course.completed ? say('completed') : share === null ? null : `${Math.round(share * 100)}%`, typeof course.score === 'number' ? say('scored', Math.round(course.score)) : null, course.owned ? null : say('not_owned')].filter(Boolean).join(' · ');
	return el('li', null, el('div', {class: 'line'}, el('span', null, course.title), el('span', {class: 'dim'}, marks)), share === null ? null : el('div', {class: 'track', role: 'img', 'aria-label': `${Math.round(share * 100)}%`}, bar));
}

class LearnerView {
	constructor(desk, node, act) {
		Object.assign(this, {desk, act, session: ''});
		this.head = el('div', {class: 'info-head'}, el('a', {class: 'button small back', href: '#/'}, icon('left'), say('back_talk')), el('h2', {tabindex: '-1'}, say('learner_info')));
		this.box = el('div', {class: 'info'});
		this.notes = el('section', {class: 'notes', 'aria-label': say('notes')});
		node.append(this.head, this.box, this.notes);
		this.life = null;
		this.show('');
	}

	show(session) {
		if (session === this.session && session)
			return;
		this.session = session;
		if (this.life)
			this.life.abort();
		this.life = new AbortController();
		this.box.replaceChildren();
		this.head.querySelector('.back').href = `#/${session}`;
		this.notes_draw();
		if (!session)
			return void this.box.replaceChildren(empty(say('learner_none')));
		load(this.box, this.life.signal, () => get('desk/learner', {session}, this.life.signal), (got) => this.#draw(got));
	}

	#draw(got) {
		const chat = this.desk.chats.get(this.session) || {};
		const fact = (name, value) => value ? [el('dt', null, say(name)), el('dd', null, value)] : [];
		const section = (name, ...nodes) => el('section', null, el('h3', null, say(name)), ...nodes);
		const user = is_guest(got.user || chat.user) ? '' : got.user || chat.user;
		const courses = [...got.courses].sort((a, b) => b.owned - a.owned), intents = [...new Set(got.intents)], earlier = got.earlier;
		return [el('dl', {class: 'facts tight'}, ...fact('learner', user || say('guest')), ...fact('signed', say(chat.logged_in ? 'only_in' : 'only_out')), ...fact('language', lang_of(got.lang || chat.lang || '')),
			...fact('page', chat.page), ...fact('asked_at', chat.waiting_since && ago(chat.waiting_since)), ...fact('handed', chat.note)),
		section('courses', courses.length ? el('ul', {class: 'courses'}, ...courses.slice(0, LEARNER_COURSES).map(course_show)) : el('p', {class: 'dim'}, say(user ? 'courses_none' : 'courses_guest')),
			courses.length > LEARNER_COURSES ? el('p', {class: 'dim'}, say('and_more', courses.length - LEARNER_COURSES)) : ''),
		section('last_intents', intents.length ? el('ul', {class: 'chips'}, ...intents.slice(0, 8).map((one) => el('li', {class: 'chip'}, title_of(one)))) : el('p', {class: 'dim'}, say('intents_none'))),
		section('earlier', earlier.length ? el('ul', {class: 'earlier'}, ...earlier.slice(0, 6).map((c) => el('li', null, el('button', {type: 'button', class: 'talk-of', onclick: () => this.act.earlier(c)},
			el('span', {class: 'top'}, el('span', null, c.first || '–'), ago(c.seen)), el('span', {class: 'dim'}, say('messages_n', c.messages)))))) : el('p', {class: 'dim'}, say('earlier_none')))];
	}

	notes_draw() {
		const {desk, session} = this;
		const notes = session ? desk.talk(session).lines.filter((line) => line.side === 'note') : [];
		this.notes.hidden = !session;
		this.notes.replaceChildren(el('h3', null, say('notes')), notes.length ? el('ul', null, ...notes.map((line) => el('li', null, el('p', null, line.text), el('span', {class: 'dim'}, line.by === desk.me ? say('you') : line.by, ' · ', clock_of(line.at))))) : el('p', {class: 'dim'}, say('notes_none')),
			desk.mine(session) ? button(say('note_add'), () => this.act.note(session), {class: 'button small'}) : '');
	}
}

/* A conversation of before, to be read. */
async function earlier_open(one) {
	const box = el('div', {class: 'chat', tabindex: '0', role: 'region', 'aria-label': say('talk')});
	load(box, new AbortController().signal, () => get('conversation', {session: one.session}), (talk) => talk.turns.map((turn) =>
		line_show({n: turn.seq, at: turn.at, side: turn.side === 'learner' || turn.side === 'bot' ? turn.side : 'agent', text: turn.text, by: say('agent'), intent: turn.intent}, '')));
	await dialog(say('earlier_of', when(one.seen)), box, [], true);
}
