/* The conversation as a text to keep, made here: the server is not asked. */

function transcript_text(entries, say) {
	const lines = [say('title'), ''];
	for (const entry of entries) {
		const when = new Date(entry.at).toLocaleString(say('tag'));
		const who = entry.who === 'note' ? '' : entry.name ? `${entry.name}: ` : say(entry.who === 'me' ? 'said_me' : 'said_bot');
		lines.push(`[${when}] ${who}${entry.who === 'note' ? say(entry.code, entry.args || {}) : entry.text}`);
		for (const course of entry.courses || [])
			lines.push(`  - ${[course.title, cards_price(course.price, say), course.url].filter(Boolean).join(' · ')}`);
	}
	return lines.join('\r\n');
}

function transcript_save(entries, say) {
	const link = el('a', {download: `chat-${new Date().toLocaleDateString('sv')}.txt`,
		href: URL.createObjectURL(new Blob(['\ufeff', transcript_text(entries, say)], {type: 'text/plain'}))});
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
}
