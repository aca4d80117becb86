/* DOM building without innerHTML: text from the server can only ever become text nodes. */

/* el('a', {href, onclick: fn, hidden: false}, child, 'text'): false, null and undefined are left out. */
function el(tag, props, ...children) {
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(props || {})) {
		if (value === undefined || value === null || value === false)
			continue;
		if (name.startsWith('on'))
			node.addEventListener(name.slice(2), value);
		else
			node.setAttribute(name, value === true ? '' : value);
	}
	node.append(...children.filter((child) => child !== undefined && child !== null));
	return node;
}

/* Paths on a 24 x 24 grid, drawn with strokes in the colour of the text around them: icon(name), icon(path). */
const ICONS = {
	chat: 'M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3.5 20.5l1.6-5A8.4 8.4 0 1 1 21 11.5ZM8.5 11.6h.01M12.5 11.6h.01M16.5 11.6h.01',
	menu: 'M5 12h.01M12 12h.01M19 12h.01',
	globe: 'M12 3a9 9 0 1 0 .1 0M3 12h18M12 3a14 14 0 0 1 0 18M12 3a14 14 0 0 0 0 18',
	save: 'M12 4v11M7 11l5 5 5-5M5 20h14',
	erase: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
	next: 'M9 5l7 7-7 7',
	close: 'M6 6l12 12M18 6L6 18',
	down: 'M12 5v14M6 13l6 6 6-6',
	send: 'M4.5 12L3 4.5 21 12 3 19.5 4.5 12Zm0 0H12',
	fresh: 'M12 6.5v7M8.5 10h7M20 10a8 8 0 0 1-11.6 7.2L4 18.5l1.3-4A8 8 0 1 1 20 10Z',
	good: 'M7 10.5v9H4v-9h3Zm0 0l4-7a2.2 2.2 0 0 1 2.2 2.6l-.7 3.4h5.2a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7',
	out: 'M9 5h10v10M19 5L6 18',
	bot: 'M12 3.5v3M6 6.5h12a2.5 2.5 0 0 1 2.5 2.5v8a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 17V9A2.5 2.5 0 0 1 6 6.5ZM9 11.5v2M15 11.5v2',
	person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8a7.5 7.5 0 0 1 15 0',
};

function icon(name) {
	const space = 'http://www.w3.org/2000/svg';
	const svg = document.createElementNS(space, 'svg');
	const path = document.createElementNS(space, 'path');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('class', 'icon');
	svg.setAttribute('aria-hidden', 'true');
	path.setAttribute('d', ICONS[name] || name);
	svg.append(path);
	return svg;
}

/* An absolute http(s) address, or null for anything else (javascript:, data:, rubbish). */
function safe_url(text) {
	try {
		const url = new URL(text, document.baseURI);
		return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
	} catch {
		return null;
	}
}
