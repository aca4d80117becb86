/* What calls an agent back to the page: a sound (made here, no file), and the number of what waits in the title. */

const ALERT_TONES = {
	queued: [[660, 0], [880, 0.16]],
	message: [[740, 0]],
};
const ALERT_GAP_MS = 1200; /* not two at once */

const alerts = {
	context: null,
	last: 0,
	on: kept_choice('kefu-inbox-sound', ['on', 'off']) !== 'off',

	switch_to(on) {
		alerts.on = on;
		keep_choice('kefu-inbox-sound', on ? 'on' : 'off');
		if (on)
			alerts.play('message');
	},

	/* Browsers let a page sound only after somebody has touched it. */
	wake() {
		const Context = window.AudioContext;
		if (!alerts.context && Context)
			alerts.context = new Context();
		if (alerts.context && alerts.context.state === 'suspended')
			alerts.context.resume().catch(() => {});
	},

	play(kind) {
		if (!alerts.on || Date.now() - alerts.last < ALERT_GAP_MS)
			return;
		alerts.last = Date.now();
		document.documentElement.dataset.sound = kind;
		const {context} = alerts;
		if (!context || context.state !== 'running')
			return;
		for (const [hertz, after] of ALERT_TONES[kind]) {
			const tone = context.createOscillator(), volume = context.createGain(), from = context.currentTime + after;
			tone.frequency.value = hertz;
			volume.gain.setValueAtTime(0.0001, from);
			volume.gain.exponentialRampToValueAtTime(0.18, from + 0.02);
			volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.3);
			tone.connect(volume).connect(context.destination);
			tone.start(from);
			tone.stop(from + 0.32);
		}
	},

	title(n) {
		document.title = `${n ? `(${n}) ` : ''}${say('inbox')} · ${say('product')}`;
	},
};

for (const name of ['pointerdown', 'keydown'])
	addEventListener(name, alerts.wake, {passive: true});
