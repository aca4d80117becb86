'use strict';
/* The demo page: its language switch, and every "ask" that opens the assistant with a question. */

const root = document.documentElement;
const english = () => root.lang === 'en';

function speak(lang) {
	root.lang = lang === 'en' ? 'en' : 'zh-CN';
	document.title = english() ? 'Zhixing Academy · Learn what you always wanted to' : '知行课堂 · 把想学的，学会';
	for (const input of document.querySelectorAll('input[data-zh]')) {
		input.placeholder = english() ? input.dataset.en : input.dataset.zh;
		input.setAttribute('aria-label', input.placeholder);
	}
}

function remember(lang) {
	try {
		localStorage.setItem('demo lang', lang);
	} catch {
		/* forbidden: the choice lasts as long as the page */
	}
}

function remembered() {
	try {
		return localStorage.getItem('demo lang');
	} catch {
		return null;
	}
}

document.getElementById('language').addEventListener('click', () => {
	const lang = english() ? 'zh' : 'en';
	speak(lang);
	remember(lang);
	window.kefu.lang(lang);
});

document.getElementById('ask').addEventListener('submit', (event) => {
	event.preventDefault();
	const text = event.target.q.value.trim();
	event.target.reset();
	text ? window.kefu.send(text) : window.kefu.open();
});

document.addEventListener('click', (event) => {
	const button = event.target.closest('[data-ask-zh]');
	if (button)
		window.kefu.send(english() ? button.dataset.askEn : button.dataset.askZh);
});

const wish = new URLSearchParams(location.search).get('lang') || remembered();
if (wish)
	speak(wish);
