/* Answers are text with a little markup: blank lines, "- " and "1. " lists, **bold**, http(s) links bare or as
 * [words](address). Everything else stays exactly as written. Built as nodes, never parsed as HTML. */

const MARKUP_INLINE = new RegExp(
	'\\*\\*(\\S(?:.*?\\S)?)\\*\\*' +
	'|\\[([^\\]\\n]+)\\]\\((https?://[^\\s()]+)\\)' +
	'|(https?://[^\\s<>"\'`\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef]+)', 'g');
const MARKUP_ITEM = /^\s*(?:([-*•])\s+|(\d{1,3})(?:[.)]\s+|、\s*))(.*)$/;

/* A document fragment of `text`. */
function markup_read(text) {
	const out = document.createDocumentFragment();
	let list = null;
	let lines = [];
	const flush = () => {
		const words = lines.join('\n').replace(/^\n+|\n+$/g, '');
		if (words)
			out.append(el('p', null, markup_inline(words)));
		lines = [];
	};
	for (const line of String(text).split(/\r?\n/)) {
		const item = MARKUP_ITEM.exec(line);
		if (!item) {
			list = null;
			line.trim() ? lines.push(line) : flush();
			continue;
		}
		flush();
		const tag = item[1] ? 'ul' : 'ol';
		if (!list || list.localName !== tag) {
			list = el(tag, {start: tag === 'ol' && item[2] !== '1' && Number(item[2])});
			out.append(list);
		}
		list.append(el('li', null, markup_inline(item[3])));
	}
	flush();
	return out;
}

function markup_inline(text) {
	const out = document.createDocumentFragment();
	let at = 0;
	for (const hit of text.matchAll(MARKUP_INLINE)) {
		out.append(text.slice(at, hit.index));
		at = hit.index + hit[0].length;
		if (hit[1]) {
			out.append(el('strong', null, markup_inline(hit[1])));
		} else if (hit[2]) {
			out.append(markup_link(hit[3], hit[2]));
		} else {
			const address = hit[4].replace(/[.,;:!?)\]*]+$/, '');
			at -= hit[4].length - address.length;
			out.append(markup_link(address, address));
		}
	}
	out.append(text.slice(at));
	return out;
}

function markup_link(address, words) {
	const href = safe_url(address);
	return href ? el('a', {href, target: '_blank', rel: 'noopener noreferrer'}, words) : words;
}
