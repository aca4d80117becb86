/* How the widget looks on this page: options become the CSS variables of docs/widget.md, and what CSS cannot say by
 * itself (dark or light, the side, letters that can be read on the colour) is set here. */

/* option: the CSS variable it sets, and what a bare number of it is counted in */
const THEME_VARIABLES = {color: ['color', ''], radius: ['radius', 'px'], font: ['font', ''], size: ['size', 'px'],
	'z-index': ['z', ''], offset: ['x', 'px']};

/* `host` is the element in the page, `box` what is around everything in its shadow root. */
function theme_apply(host, box, option) {
	for (const [name, [variable, unit]] of Object.entries(THEME_VARIABLES)) {
		const value = (option(name) || '').trim();
		const [first, second] = name === 'offset' ? value.split(/\s+/) : [value];
		const set = (key, one) => one ? box.style.setProperty(`--kefu-${key}`, /^\d+$/.test(one) ? one + unit : one)
			: box.style.removeProperty(`--kefu-${key}`);
		if (name !== 'color' || CSS.supports('color', value))
			set(variable, first);
		if (name === 'offset')
			set('y', second || first);
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

/* Black or white on the site's own colour, whichever is easier to read (WCAG relative luminance). `painted` is a node
 * with that colour behind it. */
function theme_contrast(box, painted) {
	const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(getComputedStyle(painted).backgroundColor);
	if (!parts)
		return;
	const [r, g, b] = parts.slice(1).map((part) => part / 255)
		.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
	box.style.setProperty('--on', 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? '#111' : '#fff');
}

/* A constructed sheet needs no 'unsafe-inline' in the page's policy. */
function style_apply(root, css) {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
