/* How the widget looks on this page: options become the CSS variables of docs/widget.md, and what CSS cannot say by
 * itself (dark or light, the side, letters that can be read on the colour) is set here. */

/* The options that are CSS variables (--kefu-NAME), and what a bare number of them is counted in. */
const THEME_UNITS = {color: '', radius: 'px', font: '', size: 'px', 'z-index': '', x: 'px', y: 'px'};

/* `host` is the element in the page, `box` what is around everything in its shadow root. */
function theme_apply(host, box, option) {
	const [x, y = x] = (option('offset') || '').trim().split(/\s+/);
	for (const [name, unit] of Object.entries(THEME_UNITS)) {
		const value = {x, y}[name] ?? option(name) ?? '';
		if (name !== 'color' || !value || CSS.supports(name, value))
			box.style.setProperty(`--kefu-${name}`, /^\d+$/.test(value) ? value + unit : value);
	}
	theme_dark(box, option);
	const side = option('position') || (getComputedStyle(host).direction === 'rtl' ? 'left' : 'right');
	box.classList.toggle('left', side === 'left');
}

function theme_dark(box, option) {
	const wish = option('theme');
	box.classList.toggle('dark', wish === 'dark' ||
		(wish !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches));
}

/* Relative luminance (WCAG 2.2, its curve as a power of 2.2) of [r, g, b] up to 255. */
function theme_luminance(colour) {
	const [r, g, b] = colour.map((part) => (part / 255) ** 2.2);
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/* On the site's own colour black or white, whichever is easier to read; and for words in that colour as much black or
 * white mixed in as a contrast of 4.5 takes. `painted` is a node with that colour behind it. */
function theme_contrast(box, painted) {
	const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(getComputedStyle(painted).backgroundColor);
	if (!parts)
		return;
	const colour = parts.slice(1).map(Number);
	const light = theme_luminance(colour) > 0.179;
	const dark = box.classList.contains('dark');
	let link = colour;
	for (let step = 1; step < 20 && (dark ? theme_luminance(link) < 0.5 : theme_luminance(link) > 0.14); step++)
		link = colour.map((part) => Math.round(part + ((dark ? 255 : 0) - part) * step / 20));
	for (const [name, value] of [['on', light ? '#000' : '#fff'], ['off', light ? '#fff' : '#000'], ['link', `rgb(${link})`]])
		box.style.setProperty(`--${name}`, value);
}

/* A constructed sheet needs no 'unsafe-inline' in the page's policy. */
function style_apply(root, css) {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
