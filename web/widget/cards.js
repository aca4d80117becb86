/* Course cards, side by side: picture or coloured tile, title, why, price, format; the whole card is the link. Beside it
 * stands the button that sends it away. The row is scrolled by finger, wheel, Tab, the arrow keys, or its two arrows. */

/* act = {viewed(course), dismissed(course)}; `seen`: see cards_watch, or nothing */
function cards_draw(courses, say, act, seen) {
	const list = el('ul', {class: 'cards', 'aria-label': say('courses'), onkeydown: cards_key},
		...courses.map((course) => cards_item(course, say, act)));
	const arrow = (name, to) => el('button', {class: `arrow ${name}`, type: 'button', hidden: true, title: say(`${name}_courses`),
		'aria-label': say(`${name}_courses`), onclick: () => cards_scroll(list, to)}, icon('next'));
	const arrows = [arrow('earlier', -1), arrow('later', 1)];
	const look = () => {
		const left = Math.abs(list.scrollLeft);
		arrows[0].hidden = left < 8;
		arrows[1].hidden = list.scrollWidth - list.clientWidth - left < 24;
	};
	list.addEventListener('scroll', look);
	new ResizeObserver(look).observe(list);
	return el('div', {class: courses.length > 1 ? 'carousel' : 'carousel one'},
		seen ? cards_watch(list, courses, seen) : list, ...arrows);
}

function cards_scroll(list, to) {
	const rtl = getComputedStyle(list).direction === 'rtl' ? -1 : 1;
	list.scrollBy({left: to * rtl * (list.firstChild.offsetWidth + 10),
		behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
}

function cards_key(event) {
	const to = {ArrowRight: 1, ArrowLeft: -1}[event.key];
	const stops = [...this.querySelectorAll('.card')];
	const at = stops.findIndex((card) => card.parentNode.contains(event.target));
	const card = to && stops[at + (getComputedStyle(this).direction === 'rtl' ? -to : to)];
	if (!card)
		return;
	event.preventDefault();
	(card.href ? card : card.parentNode.querySelector('.away')).focus();
	card.scrollIntoView({block: 'nearest', inline: 'center'});
}

function cards_item(course, say, act) {
	const title = String(course.title || course.id || '');
	const item = el('li', null, cards_one(course, title, say, act.viewed));
	if (course.id)
		item.append(el('button', {class: 'away', type: 'button', title: say('unwanted'),
			'aria-label': say('unwanted_course', title),
			onclick: () => {
				act.dismissed(course.id);
				cards_drop(item, say('unwanted_done', title));
			}}, icon('close')));
	return item;
}

/* What happened is read out, and the focus goes to the next card. */
function cards_drop(item, done) {
	const buttons = Array.from(item.parentNode.querySelectorAll('.away'));
	const at = buttons.indexOf(item.querySelector('.away'));
	(buttons[at + 1] || buttons[at - 1] || item.closest('.scroll')).focus();
	item.className = 'unseen';
	item.replaceChildren(done);
	item.parentNode.dispatchEvent(new Event('scroll'));
}

function cards_one(course, title, say, viewed) {
	const href = course.url && safe_url(course.url);
	const price = cards_price(course.price, say);
	const format = Object.hasOwn(TEXTS.en, `format_${course.format}`) && say(`format_${course.format}`);
	return el(href ? 'a' : 'div', {class: 'card', href, target: href && '_blank',
		rel: href && 'noopener noreferrer', onclick: () => course.id && viewed(course.id)},
	cards_picture(course, title),
	format ? el('span', {class: 'format'}, format) : null,
	el('span', {class: 'words'},
		el('span', {class: 'title', dir: 'auto'}, title),
		course.reason ? el('span', {class: 'reason', dir: 'auto'}, String(course.reason)) : null,
		el('span', {class: 'last'},
			price ? el('span', {class: 'price'}, price) : null,
			href ? el('span', {class: 'go'}, say('details'), icon('out')) : null)));
}

/* A card counts as seen when half of it has been in view for a second without scrolling. `seen(ids)` is told once of
 * each; false: not now (no connection), so later again. */
const CARDS_SEEN_MS = 1000;

function cards_watch(list, courses, seen) {
	const visible = new Map();
	let timer = 0;
	const wait = () => {
		clearTimeout(timer);
		if (visible.size)
			timer = setTimeout(tell, CARDS_SEEN_MS);
	};
	const tell = () => {
		if (!document.hidden && seen([...visible.values()])) {
			visible.forEach((id, card) => observer.unobserve(card));
			visible.clear();
		}
		wait();
	};
	const observer = new IntersectionObserver((changes) => {
		for (const {target, isIntersecting} of changes)
			if (isIntersecting)
				visible.set(target, courses[Array.from(list.children).indexOf(target)].id);
			else
				visible.delete(target);
		wait();
	}, {threshold: 0.5});
	Array.from(list.children).forEach((card, at) => courses[at].id && observer.observe(card));
	return list;
}

function cards_price(price, say) {
	if (price === undefined || price === null || price === '')
		return '';
	const number = Number(price);
	if (!Number.isFinite(number))
		return String(price);
	return number > 0 ? `¥${number.toFixed(2).replace(/\.00$/, '')}` : say('free');
}

/* The tile always stands behind: it is what shows while a picture loads, and when it can't be had. */
function cards_picture(course, title) {
	const tile = el('span', {class: 'tile', 'aria-hidden': 'true'}, Array.from(title)[0] || '');
	tile.style.setProperty('--hue', String(cards_hue(String(course.id || title))));
	const src = course.image && safe_url(course.image);
	if (src)
		tile.append(el('img', {src, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer',
			onerror: (event) => event.target.remove()}));
	return tile;
}

/* The same course, the same colour, everywhere; steps of the golden angle keep neighbours (py101, py102) apart. */
function cards_hue(text) {
	let hash = 7;
	for (const char of text)
		hash = (hash * 31 + char.codePointAt(0)) % 65521;
	return Math.round(hash * 137.508) % 360;
}
