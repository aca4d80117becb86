/* Differences of texts, line by line (Myers 1986, "An O(ND) Difference Algorithm"), and a three-way merge on top. */

const DIFF_MOST = 1500; /* more changed lines than this are shown as all old, then all new */

/* [[from_a, to_a, from_b, to_b], …]: the parts in which the two lists of lines differ, in order. */
function diff_parts(a, b) {
	let head = 0, tail = 0;
	while (head < a.length && head < b.length && a[head] === b[head])
		head++;
	while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
		tail++;
	const steps = diff_walk(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
	const parts = [];
	for (const [x0, x1, y0, y1] of steps) {
		const last = parts.at(-1);
		if (last && last[1] === x0 + head && last[3] === y0 + head)
			[last[1], last[3]] = [x1 + head, y1 + head];
		else
			parts.push([x0 + head, x1 + head, y0 + head, y1 + head]);
	}
	return parts;
}

/* The single steps (one line taken out, or one put in) of a shortest edit script. */
function diff_walk(a, b) {
	const n = a.length, m = b.length, most = Math.min(n + m, DIFF_MOST);
	if (!n && !m)
		return [];
	const trail = [];
	let v = new Map([[1, 0]]);
	for (let d = 0; d <= most; d++) {
		trail.push(new Map(v));
		for (let k = -d; k <= d; k += 2) {
			let x = k === -d || (k !== d && v.get(k - 1) < v.get(k + 1)) ? v.get(k + 1) : v.get(k - 1) + 1;
			while (x < n && x - k < m && a[x] === b[x - k])
				x++;
			v.set(k, x);
			if (x >= n && x - k >= m)
				return diff_back(trail, n, m);
		}
	}
	return [[0, n, 0, m]];
}

function diff_back(trail, n, m) {
	const steps = [];
	let x = n, y = m;
	for (let d = trail.length - 1; d > 0; d--) {
		const v = trail[d], k = x - y;
		const down = k === -d || (k !== d && v.get(k - 1) < v.get(k + 1));
		const from = down ? k + 1 : k - 1;
		const px = v.get(from), py = px - from;
		steps.unshift(down ? [px, px, py, py + 1] : [px, px + 1, py, py]);
		[x, y] = [px, py];
	}
	return steps;
}

function diff_count(parts) {
	return {plus: parts.reduce((n, p) => n + p[3] - p[2], 0), minus: parts.reduce((n, p) => n + p[1] - p[0], 0)};
}

/* What `theirs` and `mine` each changed in `base`, in one text; null where both changed the same lines. */
function merge(base, mine, theirs) {
	const [o, a, b] = [base, mine, theirs].map((text) => text.split('\n'));
	const changes = [...diff_parts(o, a).map((p) => [p[0], p[1], a.slice(p[2], p[3])]),
		...diff_parts(o, b).map((p) => [p[0], p[1], b.slice(p[2], p[3])])].sort((p, q) => p[0] - q[0] || p[1] - q[1]);
	const out = [];
	let at = 0, last = null;
	for (const [from, to, lines] of changes) {
		const key = `${from} ${to} ${lines.join('\n')}`;
		if (key === last)
			continue;
		if (from < at || (last !== null && from === at && Number(last.split(' ')[1]) === from))
			return null;
		out.push(...o.slice(at, from), ...lines);
		[at, last] = [to, key];
	}
	out.push(...o.slice(at));
	return out.join('\n');
}

/* A table of the differences with three lines around each. */
function diff_show(before, after) {
	const a = before.split('\n'), b = after.split('\n');
	const parts = diff_parts(a, b);
	const body = el('tbody');
	const row = (kind, left, right, text) => body.append(el('tr', {class: kind},
		el('td', {class: 'no'}, left), el('td', {class: 'no'}, right),
		el('td', {class: 'sign'}, kind === 'plus' ? '+' : kind === 'minus' ? '−' : ''), el('td', {class: 'code'}, text)));
	let shown = 0;
	parts.forEach((p, i) => {
		const shift = p[2] - p[0], next = parts[i + 1];
		const from = Math.max(shown, p[0] - 3);
		if (from > shown || !i)
			body.append(el('tr', {class: 'hunk'}, el('td', {colspan: '4'}, `@@ ${from + 1}`)));
		for (let x = from; x < p[0]; x++)
			row('', String(x + 1), String(x + shift + 1), a[x]);
		for (let x = p[0]; x < p[1]; x++)
			row('minus', String(x + 1), '', a[x]);
		for (let y = p[2]; y < p[3]; y++)
			row('plus', '', String(y + 1), b[y]);
		shown = Math.min(next ? next[0] : a.length, p[1] + 3);
		for (let x = p[1]; x < shown; x++)
			row('', String(x + 1), String(x + p[3] - p[1] + 1), a[x]);
	});
	if (!parts.length)
		return empty(say('no_change'));
	return el('div', {class: 'diff'}, el('p', {class: 'dim'}, say('changes_of', diff_count(parts))),
		el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': say('changes_of', diff_count(parts))}, el('table', null, body)));
}
