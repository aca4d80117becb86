/* Small charts, drawn as SVG at the width they have: bars that stand on each other, and lines. */

const PLOT_HEIGHT = 190;
const PLOT_EDGE = {top: 10, right: 10, bottom: 24, left: 46};

function svg(name, props, ...children) {
	const node = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [key, value] of Object.entries(props || {}))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

/* The top of an axis and its step: 1, 2 or 5 times a power of ten, three to five of them. */
function plot_scale(most) {
	const raw = (most || 4) / 4, power = 10 ** Math.floor(Math.log10(raw));
	const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw);
	return {step, top: Math.max(step, Math.ceil((most || 4) / step) * step)};
}

/* {title, at, step, series: [{name, kind: 'bar' | 'line', tone, values}], show(value), top, sums}: a figure. A value may be null. */
function plot(it, life) {
	const box = el('div', {class: 'canvas'});
	const readout = el('p', {class: 'readout', 'aria-hidden': 'true'});
	const label = (ms) => it.step >= 86400 ? day(ms) : it.step > 3600 ? `${day(ms)} ${clock(ms)}` : clock(ms);
	const node = el('figure', {class: 'plot card'}, el('figcaption', null, el('h3', null, it.title), readout), box,
		el('ul', {class: 'legend', 'aria-hidden': 'true'}, ...it.series.map((s) => el('li', {class: `${s.kind === 'line' ? 'line' : ''} ${s.tone}`}, s.name))),
		plot_table(it, label));
	const draw = () => box.clientWidth && box.replaceChildren(plot_draw(it, box.clientWidth, label, readout));
	const watcher = new ResizeObserver(draw);
	watcher.observe(box);
	life.addEventListener('abort', () => watcher.disconnect());
	return node;
}

function plot_table(it, label) {
	const table = el('table', null, el('caption', {class: 'unseen'}, it.title), el('thead', null, el('tr', null,
		el('th', {scope: 'col'}, say('time')), ...it.series.map((s) => el('th', {scope: 'col', class: 'n'}, s.name)))),
	el('tbody', null, ...it.at.map((ms, i) => el('tr', null, el('th', {scope: 'row'}, label(ms)),
		...it.series.map((s) => el('td', {class: 'n'}, s.values[i] === null ? '–' : it.show(s.values[i])))))));
	return el('details', null, el('summary', null, say('table')),
		el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': it.title}, table));
}

function plot_draw(it, width, label, readout) {
	const {top, right, bottom, left} = PLOT_EDGE;
	const w = width - left - right, h = PLOT_HEIGHT - top - bottom, n = it.at.length, slot = w / n;
	const bars = it.series.filter((s) => s.kind === 'bar'), lines = it.series.filter((s) => s.kind === 'line');
	const sums = it.at.map((_, i) => bars.reduce((sum, s) => sum + (s.values[i] || 0), 0));
	const scale = plot_scale(it.top || Math.max(...sums, ...lines.flatMap((s) => s.values.map((v) => v || 0))));
	const y = (value) => top + h - value / scale.top * h;
	const x = (i) => left + slot * i;
	const art = svg('svg', {width, height: PLOT_HEIGHT, role: 'img', 'aria-label': say('plot_label',
		{title: it.title, from: label(it.at[0]), to: label(it.at[n - 1]), sums: it.sums})});
	for (let v = 0; v <= scale.top + 1e-9; v += scale.step)
		art.append(svg('line', {class: 'grid', x1: left, x2: width - right, y1: y(v), y2: y(v)}),
			svg('text', {class: 'axis', x: left - 8, y: y(v) + 4, 'text-anchor': 'end'}, it.show(v)));
	const every = Math.ceil(n / Math.max(2, Math.floor(w / (it.step > 3600 && it.step < 86400 ? 84 : 56))));
	for (let i = 0; i < n; i += every)
		art.append(svg('text', {class: 'axis', x: x(i) + slot / 2, y: PLOT_HEIGHT - 6, 'text-anchor': i ? 'middle' : 'start', dx: i ? 0 : -slot / 2}, label(it.at[i])));
	const hover = svg('rect', {class: 'hover', x: 0, y: top, width: slot, height: h, visibility: 'hidden'});
	art.append(hover);
	it.at.forEach((_, i) => {
		let base = 0;
		for (const s of bars) {
			const value = s.values[i] || 0;
			if (value)
				art.append(svg('rect', {class: s.tone, x: x(i) + slot * 0.16, width: slot * 0.68, y: y(base + value), height: Math.max(1, y(base) - y(base + value)), rx: 1.5}));
			base += value;
		}
	});
	for (const s of lines)
		art.append(...plot_line(s, (i) => x(i) + slot / 2, y));
	const point = (event) => {
		const i = Math.min(n - 1, Math.max(0, Math.floor((event.clientX - art.getBoundingClientRect().left - left) / slot)));
		hover.setAttribute('x', x(i));
		hover.setAttribute('visibility', 'visible');
		readout.textContent = `${label(it.at[i])}  ${it.series.map((s) => `${s.name} ${s.values[i] === null ? '–' : it.show(s.values[i])}`).join(' · ')}`;
	};
	art.addEventListener('pointermove', point);
	art.addEventListener('pointerdown', point);
	art.addEventListener('pointerleave', () => {
		hover.setAttribute('visibility', 'hidden');
		readout.textContent = '';
	});
	return art;
}

/* A line breaks where there is no value; a value between two gaps is a dot. */
function plot_line(s, x, y) {
	let d = '', pen = false;
	const dots = [];
	s.values.forEach((value, i) => {
		if (value === null) {
			pen = false;
			return;
		}
		d += `${pen ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
		pen = true;
		dots.push(svg('circle', {class: s.tone, cx: x(i), cy: y(value), r: 2.5}));
	});
	return [svg('path', {class: `line ${s.tone}`, d}), ...dots];
}

/* A list of names with bars: [[name, n, href], …]. */
function ranking(title, rows) {
	const most = Math.max(1, ...rows.map(([, n]) => n));
	return el('section', {class: 'card ranking'}, el('h3', null, title), rows.length ? el('ol', null, ...rows.map(([name, n, href]) => {
		const bar = el('span', {class: 'bar', 'aria-hidden': 'true'});
		bar.style.inlineSize = `${n / most * 100}%`;
		return el('li', null, href ? el('a', {href}, name) : el('span', null, name), el('b', null, number(n)), bar);
	})) : empty(say('no_data')));
}
