"""What has nothing to do with courses, and the same questions in other words, asked of the sample's rules and FAQ.

No rule was made for any of these messages."""
import json
import os
import unittest

from test_kefu import ROOT, Cli

OTHER_TALK = """
call my mom / what's the weather tomorrow / tell me a joke / order a pizza for dinner / play some jazz music
who won the football match last night / set an alarm for seven / how tall is mount everest / my cat is sick
book a flight to paris / turn off the lights / what is the capital of france / i need a taxi
recommend a good restaurant nearby / how do i fix a flat tire / translate hello into german / buy milk and eggs
is it going to rain / sing me a song / where is the nearest gas station
今天天气怎么样 / 帮我点个外卖 / 附近有什么好吃的 / 给我妈妈打个电话 / 放一首周杰伦的歌 / 昨天谁赢了球赛 / 明天早上七点叫我起床
珠穆朗玛峰有多高 / 我的猫生病了 / 帮我订一张去上海的机票 / 把灯关了 / 法国的首都是哪里 / 帮我叫辆车 / 讲个笑话 / 房价会不会跌
怎么修自行车 / 你喜欢什么颜色 / 世界杯什么时候开始 / 我想养一只狗 / 股票今天涨了吗
"""
# The intents that such talk is for.
SMALL_TALK = {"off_topic", "joke"}

OTHER_WORDS = {
    "没流量的时候怎么看课": "download_offline",
    "断网了还能听课吗": "download_offline",
    "钱能不能退给我": "refund",
    "我不想上了，把钱还我": "refund",
    "密码想不起来了": "reset_password",
    "收不到验证码怎么回事": "verification_code",
    "视频一直转圈": "video_stuck",
    "画面卡住不动": "video_stuck",
    "can i watch lessons without internet": "download_offline",
    "i want my money back": "refund",
    "forgot my login": "login_problem",
    "the video keeps freezing": "video_stuck",
    "how do i get a receipt": "invoice",
    "can i change to another course": "faq:change_course",
    "i never got the code by text": "verification_code",
}


class Strangers(Cli):
    def ask(self, messages):
        rules = os.path.join(ROOT, "intents.yaml")
        out = self.kefu("ask", "--intents", rules, "--json", "-", text="\n".join(messages) + "\n").stdout
        return [json.loads(line) for line in out.splitlines()]

    def test_other_talk_gets_no_answer_about_courses(self):
        messages = [m.strip() for line in OTHER_TALK.strip().splitlines() for m in line.split(" / ")]
        answers = self.ask(messages)
        self.assertEqual(len(answers), 40)
        self.assertEqual([a["text"] for a in answers if a["intent"] and a["intent"] not in SMALL_TALK], [])
        asked = [a["text"] for a in answers if a["source"] == "ask" and
                 a["reply"]["buttons"][0]["value"] not in {f"intent:{name}" for name in SMALL_TALK}]
        self.assertLessEqual(len(asked), 4, asked)

    def test_other_words_are_understood_or_asked_about(self):
        answers = self.ask(OTHER_WORDS)
        wrong = [a["text"] for a in answers if a["candidates"][0]["intent"] != OTHER_WORDS[a["text"]]]
        self.assertLessEqual(len(wrong), 1, wrong)
        answered = [a for a in answers if a["intent"] == OTHER_WORDS[a["text"]]]
        self.assertGreaterEqual(len(answered), 12)


if __name__ == "__main__":
    unittest.main()
