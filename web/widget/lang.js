/* Every word the widget itself says. A third language is one more table here. */
const TEXTS = {
	zh: {
		title: '在线客服',
		open: '打开客服对话',
		open_unread: (n) => `打开客服对话，${n} 条未读消息`,
		close: '关闭对话',
		switch_lang: 'English',
		switch_label: 'Switch to English',
		more: '更多',
		fresh: '开始新对话',
		fresh_ask: '开始新对话？当前的聊天记录会被清除。',
		fresh_yes: '重新开始',
		erase: '结束并清除本机记录',
		erase_ask: '结束对话，并清除保存在本设备上的聊天记录？',
		erase_yes: '结束并清除',
		cancel: '取消',
		download: '下载聊天记录',
		consent_link: '隐私说明',
		consent_ask: '开始之前，请阅读并同意我们的隐私说明。',
		consent_yes: '同意并开始',
		consent_no: '暂不',
		dismiss: '关闭此消息',
		log: '聊天记录',
		input: '输入您的问题…',
		send: '发送',
		online: '在线 · 随时为您解答',
		away: '智能客服在线 · 人工暂时不在',
		connecting: '正在连接…',
		lost: '连接已断开，正在重新连接…',
		offline: '网络已断开，恢复后会自动发送',
		said_me: '我：',
		said_bot: '客服：',
		typing: '对方正在输入',
		sending: '发送中…',
		failed: '未发送',
		retry: '重试',
		good: '有帮助',
		bad: '没帮助',
		thanks: '感谢您的反馈',
		replies: '快捷回复',
		courses: '推荐课程',
		earlier_courses: '上一门课程',
		later_courses: '下一门课程',
		details: '查看课程',
		unwanted: '不感兴趣',
		unwanted_course: (title) => `不感兴趣：${title}`,
		unwanted_done: (title) => `以后不再推荐：${title}`,
		format_video: '视频',
		format_audio: '音频',
		format_text: '图文',
		format_live: '直播',
		format_vr: 'VR',
		free: '免费',
		jump: '新消息',
		earlier: '以上是之前的对话',
		today: '今天',
		agent_queued: () => '正在为您转接人工客服',
		agent_waits: '正在等候人工客服',
		agent_place: (n) => n > 0 ? `您排在第 ${n} 位，请稍候` : '正在排队，请稍候',
		agent_cancel: '取消排队',
		agent_joined: ({name}) => `${name || '人工客服'} 已加入对话`,
		agent_left: ({name}) => `${name || '人工客服'} 已离开，智能客服继续为您服务`,
		agent_given_up: () => '已取消排队，智能客服继续为您服务',
		agent_closed: ({name}) => `${name || '人工客服'} 已结束本次服务，智能客服继续为您服务`,
		agent_offline: ({opens}) => `人工客服暂时不在${lang_when(opens, 'zh-CN', '，', ' 上线')}。您可以留言，我们会尽快回复`,
		agent_here: (name) => `${name || '人工客服'} 正在为您服务`,
		error: '出了点小问题，请稍后再试。',
		rate_limited: '消息发得太快啦，请稍等几秒再试。',
		too_long: '这条消息太长了，请缩短后再发。',
		bad_identity: '登录状态已失效，您可以继续以访客身份咨询。',
	},
	en: {
		title: 'Help desk',
		open: 'Open the help chat',
		open_unread: (n) => `Open the help chat, ${n} unread message${n === 1 ? '' : 's'}`,
		close: 'Close the chat',
		switch_lang: '中文',
		switch_label: '切换到中文',
		more: 'More',
		fresh: 'Start a new conversation',
		fresh_ask: 'Start a new conversation? The messages here will be cleared.',
		fresh_yes: 'Start over',
		erase: 'End and erase on this device',
		erase_ask: 'End the conversation and erase what is kept on this device?',
		erase_yes: 'End and erase',
		cancel: 'Cancel',
		download: 'Download the conversation',
		consent_link: 'Privacy notice',
		consent_ask: 'Before we begin, please read and accept our privacy notice.',
		consent_yes: 'Agree and start',
		consent_no: 'Not now',
		dismiss: 'Dismiss this message',
		log: 'Messages',
		input: 'Type your question…',
		send: 'Send',
		online: 'Online · happy to help',
		away: 'Assistant online, team away',
		connecting: 'Connecting…',
		lost: 'Connection lost, reconnecting…',
		offline: 'You are offline. Messages will be sent once you are back.',
		said_me: 'You: ',
		said_bot: 'Support: ',
		typing: 'Typing',
		sending: 'Sending…',
		failed: 'Not sent',
		retry: 'Try again',
		good: 'Helpful',
		bad: 'Not helpful',
		thanks: 'Thank you for the feedback',
		replies: 'Suggested replies',
		courses: 'Recommended courses',
		earlier_courses: 'Previous course',
		later_courses: 'Next course',
		details: 'View course',
		unwanted: 'Not interested',
		unwanted_course: (title) => `Not interested: ${title}`,
		unwanted_done: (title) => `Will not be recommended again: ${title}`,
		format_video: 'Video',
		format_audio: 'Audio',
		format_text: 'Text',
		format_live: 'Live',
		format_vr: 'VR',
		free: 'Free',
		jump: 'New messages',
		earlier: 'Earlier conversation',
		today: 'Today',
		agent_queued: () => 'Passing you to a colleague',
		agent_waits: 'Waiting for a colleague',
		agent_place: (n) => n > 0 ? `You are number ${n} in the queue` : 'You are in the queue',
		agent_cancel: 'Leave the queue',
		agent_joined: ({name}) => `${name || 'A colleague'} has joined the chat`,
		agent_left: ({name}) => `${name || 'Our colleague'} has left. The assistant is with you again`,
		agent_given_up: () => 'You have left the queue. The assistant is with you',
		agent_closed: ({name}) => `${name || 'Our colleague'} has closed the chat. The assistant is with you again`,
		agent_offline: ({opens}) => `Our team is away${lang_when(opens, 'en', ' until ', '')}. Leave a message and we will get back to you`,
		agent_here: (name) => `${name || 'A colleague'} is with you`,
		error: 'Something went wrong. Please try again in a moment.',
		rate_limited: 'That was a little fast. Please wait a few seconds and try again.',
		too_long: 'This message is too long. Please shorten it and send it again.',
		bad_identity: 'Your sign-in has expired. You can go on as a guest.',
	},
};

/* The first of the wishes (data-lang, the page's, the browser's) that we speak, else Chinese. */
function lang_pick(...wishes) {
	for (const wish of wishes) {
		const lang = String(wish || '').slice(0, 2).toLowerCase();
		if (Object.hasOwn(TEXTS, lang))
			return lang;
	}
	return 'zh';
}

/* A point in time in words between two others; nothing when there is none. */
function lang_when(iso, tag, before, after) {
	const date = new Date(iso || NaN);
	return isNaN(date) ? '' : before + date.toLocaleString(tag, {month: 'short', day: 'numeric', weekday: 'short',
		hour: '2-digit', minute: '2-digit'}) + after;
}

const LANG_TAGS = {zh: 'zh-CN', en: 'en'};

/* say(name, argument): the text of that name in the language of the moment; `title(lang)` is the site's own, if any. */
function lang_sayer(lang, title) {
	return (name, arg) => {
		const now = lang();
		if (name === 'tag')
			return LANG_TAGS[now];
		if (name === 'title' && title(now))
			return title(now);
		const text = TEXTS[now][name] || '';
		return typeof text === 'function' ? text(arg) : text;
	};
}
