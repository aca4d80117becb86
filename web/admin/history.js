/* The versions of a file: who saved them, what they changed, and the way back. */

function history_open(editor) {
	const {path} = editor.file;
	const rows = el('tbody'), preview = el('div', {class: 'preview', 'aria-live': 'polite'});
	const more = el('p', {class: 'more'}), box = el('div');
	const table = el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': say('history')}, el('table', {class: 'list'}, el('thead', null, el('tr', null,
		...['time', 'who', 'comment_word', ''].map((name) => name ? el('th', {scope: 'col'}, say(name)) : el('td')))), rows));
	const act = {
		view: async (v) => preview.replaceChildren(el('h3', null, `${when(v.at)} ${v.who}`), el('pre', {class: 'raw', tabindex: '0'}, (await get('version', {id: v.id})).text)),
		compare: async (v) => preview.replaceChildren(el('h3', null, `${say('compare')}: ${when(v.at)} → ${say('current')}`), diff_show((await get('version', {id: v.id})).text, editor.file.text)),
		rollback: (v) => rollback(editor, {id: v.id, base: editor.file.version}, say('rollback_sure')),
	};
	const press = (name, v) => act[name](v).catch((error) => preview.replaceChildren(problem_box(error)));
	const page = async (before) => {
		const {versions, more: go_on} = await get('history', {path, before, limit: 20});
		good.hidden = good.hidden && !versions.some((v) => !v.current);
		rows.append(...versions.map((v) => history_row(v, press)));
		more.replaceChildren(go_on ? button(say('more'), () => page(versions.at(-1).id)) : '');
		return versions.length || before ? [table, more] : [empty(say('no_history'))];
	};
	const good = el('p', {hidden: true}, may('rollback') && button(say('rollback_good'), () => rollback(editor, {path, base: editor.file.version}, say('rollback_good_sure'))));
	load(box, editor.life, () => page(), (nodes) => nodes);
	dialog(say('history_of', path), [good, box, preview], [], true);
}

function history_row(v, press) {
	const label = (name) => ({'aria-label': `${say(name)}: ${when(v.at)} ${v.who}`, class: 'button small'});
	return el('tr', null, el('td', null, ago(v.at), ' ', v.current ? tag(say('current'), 'good') : ''),
		el('td', null, v.who || el('span', {class: 'dim'}, say('on_disk'))), el('td', {class: 'wide'}, v.comment || el('span', {class: 'dim'}, bytes(v.bytes))),
		el('td', {class: 'acts'}, button(say('view'), () => press('view', v), label('view')),
			v.current ? '' : button(say('compare'), () => press('compare', v), label('compare')),
			!v.current && may('rollback') ? button(say('rollback_short'), () => press('rollback', v), label('rollback')) : ''));
}

async function rollback(editor, what, words) {
	const body = [el('p', null, words), editor.dirty ? el('p', {class: 'bad'}, say('rollback_unsaved')) : ''];
	if (await dialog(say('rollback_short'), body, [['', say('cancel')], ['go', say('rollback_short'), 'danger']]) !== 'go')
		return;
	try {
		const before = await get('status', null, editor.life);
		const saved = await post('rollback', {...what, ui: app.lang});
		dialog_close();
		await editor.reset(saved, before);
	} catch (error) {
		if (error.code === 'has-errors')
			dialog(say('has_errors'), diagnostics(error.diagnostics));
		else
			toast(error.code === 'conflict' ? say('conflict') : error.words, 'bad');
	}
}

/* A file that no longer loads, from outside the editor: what going back would change, then it is done. */
async function rescue(path, done) {
	try {
		const [file, {versions}] = await Promise.all([get('file', {path}), get('history', {path, limit: 50})]);
		const good = versions.find((v) => v.version !== file.version);
		if (!good)
			return void dialog(say('rescue', path), el('p', null, say('no_history')));
		const {text} = await get('version', {id: good.id});
		const body = [el('p', null, say('rescue_lead', `${when(good.at)}${good.who ? ` · ${good.who}` : ''}`)), diff_show(file.text, text)];
		if (await dialog(say('rescue', path), body, [['', say('cancel')], ['go', say('rollback_short'), 'danger']], true) !== 'go')
			return;
		const before = await get('status');
		const saved = await post('rollback', {id: good.id, base: file.version, ui: app.lang});
		toast(say('saved', saved.id), 'good');
		const now = await reload_wait(before, new AbortController().signal);
		toast(now.ok ? say('reloaded', now.serial) : say('reload_failed'), now.ok ? 'good' : 'bad');
	} catch (error) {
		if (error.code === 'has-errors')
			dialog(say('has_errors'), diagnostics(error.diagnostics));
		else
			toast(error.code === 'conflict' ? say('conflict') : error.words || String(error), 'bad');
	}
	done();
}
