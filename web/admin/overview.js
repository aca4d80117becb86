/* How the daemon is, and how the bot has been doing. */

const STATUS_EVERY_MS = 5000;
const RELOAD_MOST_MS = 300000;
const problems = {at: 0, asked: 0}; /* of the last try, in the other language: {zh | en} */
const RANGES = {day: {hours: 24, step: 3600}, week: {hours: 168, step: 21600}, month: {hours: 720, step: 86400}};

function part_overview(root, query, life) {
	const status = el('section', {class: 'status card', 'aria-label': say('state')});
	const numbers = el('div', {class: 'numbers'});
	const range = Object.hasOwn(RANGES, query.range) ? query.range : 'day';
	root.append(status, el('div', {class: 'tabs', role: 'group', 'aria-label': say('range')}, ...Object.keys(RANGES).map((name) =>
		el('a', {href: address('overview', {range: name}), 'aria-current': name === range ? 'true' : false}, say(`range_${name}`)))), numbers);
	const refresh = () => load(status, life, () => get('status', null, life), (s) => status_show(s, refresh, life));
	refresh();
	load(numbers, life, () => get('stats', range_of(RANGES[range]), life), (s) => stats_show(s, life));
	const timer = setInterval(() => document.hidden || status.contains(document.activeElement) || refresh(), STATUS_EVERY_MS);
	life.addEventListener('abort', () => clearInterval(timer));
}

/* The range ends with the present hour, quarter of the day or day, in local time. */
function range_of({hours, step}) {
	const shift = new Date().getTimezoneOffset() * 60000, size = step * 1000;
	const to = (Math.floor((Date.now() - shift) / size) + 1) * size + shift;
	return {from: to - hours * 3600000, to, step};
}

function status_show(s, refresh, life) {
	const bad = !s.last_try.ok;
	const kind = s.state === 'draining' ? 'draining' : bad ? 'old' : 'ok';
	const fact = (name, ...value) => [el('dt', null, say(name)), el('dd', null, ...value)];
	const out = [el('div', {class: `health ${kind}`}, el('span', {class: 'dot', 'aria-hidden': 'true'}),
		el('h2', null, say(`state_${kind}`)), may('reload') && button([icon('redo'), say('reload')], (event) => reload(event.currentTarget, refresh, life)))];
	if (bad)
		out.push(el('p', null, say('state_old_lead')), ...problems_show(s.last_try, refresh));
	out.push(el('dl', {class: 'facts'}, ...fact('serial', el('b', null, say('serial_of', s))), ...fact('loaded', ago(s.built)),
		...fact('uptime', duration(s.uptime_s)), ...fact('online', say('online_of', s)),
		...fact('disk', s.disk.error ? tag(s.disk.error, 'bad') : say('disk_ok')), ...fact('program', `kefu ${s.version}`),
		...fact('content', say('content_of', s)),
		...fact('files', ...s.files.flatMap((file, i) => [i ? ' · ' : '', place(file, 1, file)]))));
	if (s.last_try.diagnostics.length && !bad)
		out.push(...problems_show(s.last_try, refresh));
	return out;
}

/* What the last try found. The daemon kept it in one language; for readers of the other it looks once more. */
function problems_show(tried, refresh) {
	const box = el('details', {class: 'tries', open: !tried.ok});
	const draw = (found) => box.replaceChildren(el('summary', null, `${say('problems')}: ${say('problems_of', found)}`),
		found.diagnostics.length ? diagnostics(found.diagnostics) : el('p', {class: 'bad'}, tried.error));
	draw(problems.at === tried.at && problems[app.lang] || tried);
	if (tried.lang !== app.lang && problems.at !== tried.at) {
		const at = problems.asked = tried.at;
		get('problems', {ui: app.lang}).then((found) => {
			Object.assign(problems, {at, zh: null, en: null, [app.lang]: found});
			if (problems.asked === at)
				draw(found);
		}, () => {});
	}
	const files = tried.ok || !may('rollback') ? [] : [...new Set(tried.diagnostics.filter((d) => d.level === 'error').map((d) => d.file))];
	return [box, files.length ? el('p', {class: 'buttons rescue'}, ...files.map((path) => button([icon('clock'), say('rescue', path)], () => rescue(path, refresh)))) : ''];
}

/* Waits for how a reload went: {ok, serial, changed}. Large rules on a small machine may take their time; the old ones
 * serve meanwhile. */
async function reload_wait(before, life) {
	for (const end = Date.now() + RELOAD_MOST_MS; Date.now() < end;) {
		await new Promise((done) => setTimeout(done, 150));
		const s = await get('status', null, life);
		if (s.serial > before.serial)
			return {ok: true, serial: s.serial, changed: true};
		if (s.last_try.at > before.last_try.at)
			return {ok: s.last_try.ok, serial: s.serial, changed: false};
	}
	return {ok: false};
}

async function reload(node, refresh, life) {
	node.disabled = true;
	node.replaceChildren(say('reloading'));
	try {
		const before = await get('status', null, life);
		await post('reload');
		const now = await reload_wait(before, life);
		toast(!now.ok ? say('reload_failed') : now.changed ? say('reloaded', now.serial) : say('reload_same'), now.ok ? 'good' : 'bad');
	} catch (error) {
		if (!life.aborted)
			toast(error.words, 'bad');
	}
	if (!life.aborted)
		refresh();
}

function tile(name, value, note) {
	return el('div', {class: 'tile card'}, el('dt', null, say(name)), el('dd', null, value, note ? el('small', null, note) : null));
}

function stats_show(s, life) {
	const t = s.totals, at = s.points.map((p) => p.at), of = (name) => s.points.map((p) => p[name]);
	const votes = t.up + t.down;
	const ratio = (n) => t.messages ? `${percent(n / t.messages)} ${say('percent_of_messages')}` : '';
	const base = {at, step: s.step};
	return [el('dl', {class: 'tiles'}, tile('messages', number(t.messages)), tile('sessions', number(t.sessions)),
		tile('share', t.messages ? percent(t.answered_share) : '–'), tile('fallbacks', number(t.fallbacks), ratio(t.fallbacks)),
		tile('handoffs', number(t.handoffs)), tile('up', votes ? percent(t.up / votes) : '–', votes ? `${t.up} / ${votes}` : ''),
		tile('p95', micros(t.p95_us))),
	el('div', {class: 'plots'},
		plot({...base, title: say('traffic'), show: number, sums: `${say('messages')} ${t.messages}, ${say('sessions')} ${t.sessions}`, series: [
			{name: say('answered'), kind: 'bar', tone: 'a', values: of('answered')}, {name: say('asked'), kind: 'bar', tone: 'b', values: of('asked')},
			{name: say('fallbacks'), kind: 'bar', tone: 'c', values: of('fallbacks')}, {name: say('sessions'), kind: 'line', tone: 'd', values: of('sessions')}]}, life),
		plot({...base, title: say('share'), top: 1, show: (v) => `${Math.round(v * 100)}%`, sums: t.messages ? percent(t.answered_share) : '–', series: [
			{name: say('answered'), kind: 'line', tone: 'a', values: s.points.map((p) => p.messages ? p.answered / p.messages : null)}]}, life),
		plot({...base, title: say('feedback'), show: number, sums: `${say('up')} ${t.up}, ${say('down')} ${t.down}`, series: [
			{name: say('up'), kind: 'bar', tone: 'a', values: of('up')}, {name: say('down'), kind: 'bar', tone: 'c', values: of('down')}]}, life),
		plot({...base, title: say('latency'), show: micros, sums: `${say('p50')} ${micros(t.p50_us)}, ${say('p95')} ${micros(t.p95_us)}`, series: [
			{name: say('p50'), kind: 'line', tone: 'a', values: of('p50_us')}, {name: say('p95'), kind: 'line', tone: 'c', values: of('p95_us')}]}, life),
		ranking(say('top_intents'), s.intents.slice(0, 10).map((one) => [one.intent, one.n, may('rules') && address('rules', {name: one.intent})])),
		ranking(say('top_faq'), s.faq.slice(0, 10).map((one) => [one.id, one.n, may('faq') && address('faq', {id: one.id})])))];
}
