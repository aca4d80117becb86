/* What the microphone gives, as 16-bit samples at 16 kHz, on the thread of the sound.
 *
 * An output sample is the mean of the input it covers, with the parts of samples at both ends: at 44.1 kHz of 2.756 of them.
 *
 *	input   |-----|-----|-----|-----|-----|-----|
 *	output  |--------------|--------------|---
 *
 * That is a low pass too, plain but enough for speech. Posts {samples: Int16Array, level} some 20 times a second, where the
 * level is the root of the mean square, 0 to 1. */

const WORKLET_RATE = 16000;
const WORKLET_BLOCK = 800;

class Sampler extends AudioWorkletProcessor {
	constructor() {
		super();
		this.step = sampleRate / WORKLET_RATE;
		this.left = this.step; /* input that the present output sample still wants */
		this.sum = 0;
		this.block = new Int16Array(WORKLET_BLOCK);
		this.n = 0;
		this.squares = 0;
	}

	process([channels]) {
		for (const sample of channels[0] || [])
			this.take(sample);
		return true;
	}

	take(sample) {
		let width = 1;
		while (width >= this.left) {
			this.put((this.sum + sample * this.left) / this.step);
			width -= this.left;
			this.left = this.step;
			this.sum = 0;
		}
		this.sum += sample * width;
		this.left -= width;
	}

	put(value) {
		const clipped = Math.max(-1, Math.min(1, value));
		this.block[this.n++] = Math.round(clipped * 32767);
		this.squares += clipped * clipped;
		if (this.n < WORKLET_BLOCK)
			return;
		this.port.postMessage({samples: this.block, level: Math.sqrt(this.squares / WORKLET_BLOCK)});
		this.block = new Int16Array(WORKLET_BLOCK);
		this.n = this.squares = 0;
	}
}

registerProcessor('kefu-sampler', Sampler);
