/** The chat widget of kefu. What each option and call does: docs/widget.md. */

export type KefuLang = 'zh' | 'en';

/** Of `kefu.start()`; as attributes of the script `data-proactive-zh`, of the element `proactive-zh` or `data-proactive-zh`. */
export interface KefuOptions {
	url?: string;
	lang?: KefuLang;
	title?: string;
	titleZh?: string;
	titleEn?: string;
	identity?: string;
	color?: string;
	theme?: 'auto' | 'light' | 'dark';
	radius?: string | number;
	font?: string;
	position?: 'left' | 'right';
	offset?: string | number;
	size?: string | number;
	zIndex?: string | number;
	proactive?: string;
	proactiveZh?: string;
	proactiveEn?: string;
	proactiveAfter?: number;
	proactivePath?: string;
	consent?: string;
	consentZh?: string;
	consentEn?: string;
	voice?: string;
}

export interface KefuButton {
	title: string;
	value: string;
}

export interface KefuCourse {
	id: string;
	title: string;
	url?: string;
	price?: number | string;
	image?: string;
	reason?: string;
	format?: string;
}

export interface KefuReply {
	type: 'reply' | 'push' | 'welcome';
	seq: number;
	to?: string;
	text: string;
	intent?: string | null;
	score?: number;
	source?: string;
	buttons: KefuButton[];
	courses?: KefuCourse[];
	list?: string;
	lang?: string;
}

export interface KefuEvents {
	open: undefined;
	close: undefined;
	consent: undefined;
	erase: undefined;
	destroy: undefined;
	lang: KefuLang;
	status: 'idle' | 'connecting' | 'ready' | 'down';
	message: {text: string};
	welcome: KefuReply & {session: string; resumed: boolean};
	reply: KefuReply;
	push: KefuReply;
	agent: {type: 'agent'; seq?: number; state: 'queued' | 'joined' | 'left' | 'closed' | 'offline'; name?: string; position?: number;
		team?: string; opens?: string};
	agent_message: {type: 'agent_message'; seq: number; text: string; name?: string};
	typing: {type: 'typing'; who?: string};
	ack: {type: 'ack'; seq?: number; to: string};
	error: {type: 'error'; code: string; message: string; to?: string};
}

export interface Kefu {
	open(): void;
	close(): void;
	toggle(): void;
	/** Opens the panel and says this for the learner. */
	send(text: string): void;
	/** Returns a function that stops it. */
	on<Name extends keyof KefuEvents>(event: Name, fn: (detail: KefuEvents[Name]) => void): () => void;
	/** A signed token, or a function that fetches one and is asked again when it has run out. */
	identify(token: string | (() => string | Promise<string>)): void;
	lang(lang: KefuLang): void;
	/** Saves the conversation as a text file. */
	download(): void;
	/** Ends the conversation and erases what is kept on this device. */
	erase(): void;
	/** Takes the widget out of the page; the conversation is kept. */
	destroy(): void;
}

export interface KefuPage extends Kefu {
	/** Puts the floating widget into the page, unless there is one. */
	start(options?: KefuOptions): KefuChatElement;
}

export interface KefuChatElement extends HTMLElement {
	readonly kefu: Kefu;
}

export declare const kefu: KefuPage;
export default kefu;

declare global {
	interface Window {
		kefu: KefuPage;
	}
	interface HTMLElementTagNameMap {
		'kefu-chat': KefuChatElement;
	}
	interface WindowEventMap {
		'kefu:ready': Event;
	}
}
