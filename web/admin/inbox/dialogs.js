/* Boxes that ask before something is done to a conversation, and the list of keys. */

async function transfer_ask(desk, session) {
	const people = desk.agents.filter((a) => a.name !== desk.me && a.presence === 'online').sort((a, b) => a.chats - b.chats);
	const choice = (name, value, words, more) => el('label', {class: 'choice'}, el('input', {type: 'radio', name: 'to', value: `${name} ${value}`, required: true}), el('span', {class: 'grow'}, words), el('span', {class: 'dim'}, more));
	const team = el('input', {name: 'team', maxlength: '60', autocomplete: 'off', 'aria-label': say('team_other'), placeholder: say('team_other')});
	const note = el('textarea', {name: 'note', rows: '3', maxlength: '160'});
	const set = (name, ...nodes) => el('fieldset', null, el('legend', null, say(name)), ...nodes);
	const body = [set('to_person', ...(people.length ? people.map((a) => choice('to', a.name, a.display || a.name, say('has_chats', a.chats))) : [el('p', {class: 'dim'}, say('nobody_else'))])),
		set('to_team', ...[...desk.teams].sort().map((name) => choice('team', name, name, say('queues_again'))),
			el('label', {class: 'choice'}, el('input', {type: 'radio', name: 'to', value: 'team', 'aria-label': say('team_other')}), team)),
		el('label', {class: 'line'}, el('span', null, say('transfer_note')), note)];
	team.addEventListener('input', () => (team.closest('label').querySelector('input').checked = true));
	const pressed = await dialog(say('transfer'), body, [['', say('cancel')], ['go', say('transfer_now'), 'primary']]);
	const chosen = body.flatMap((node) => [...node.querySelectorAll('input[type=radio]:checked')])[0];
	if (pressed !== 'go' || !chosen)
		return null;
	const [, kind, name] = /^(\w+) ?(.*)$/s.exec(chosen.value), to = name || team.value.trim();
	return to ? {session, [kind]: to, note: note.value.trim()} : null;
}

const sure_ask = async (title, words, action, kind) => await dialog(say(title), el('p', null, say(words)), [['', say('cancel')], ['go', say(action), kind]]) === 'go';

const KEYS = [['Enter', 'key_send'], ['Shift Enter', 'key_line'], ['/', 'key_canned'], ['Alt 1 – 3', 'key_suggest'], ['Alt ↑ ↓', 'key_walk'], ['Alt A', 'key_take'],
	['Alt N', 'key_note'], ['Alt T', 'key_transfer'], ['Alt W', 'key_finish'], ['Esc', 'key_escape'], ['?', 'key_help']];

function help_open() {
	const keys = (words) => words.split(' ').map((key) => /^[–]$/.test(key) ? ' – ' : el('kbd', null, key));
	const check = (name, on, change) => {
		const box = el('input', {type: 'checkbox', checked: on, onchange: () => change(box.checked)});
		return el('label', {class: 'check'}, box, el('span', null, say(name)));
	};
	dialog(say('keys'), [el('table', {class: 'keys'}, el('thead', {class: 'unseen'}, el('tr', null, el('th', {scope: 'col'}, say('keys')), el('th', {scope: 'col'}, say('does')))), el('tbody', null, ...KEYS.map(([key, name]) => el('tr', null, el('th', {scope: 'row'}, ...keys(key)), el('td', null, say(name)))))),
		el('div', {class: 'checks'}, check('sound_on', alerts.on, (on) => {
			alerts.switch_to(on);
			frame_sound();
		}), check('single_keys', kept_choice('kefu-inbox-keys', ['on', 'off']) !== 'off', (on) => keep_choice('kefu-inbox-keys', on ? 'on' : 'off')))]);
}
