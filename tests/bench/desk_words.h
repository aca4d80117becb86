/* A support desk's words and a seeded choice among them: what the benches make rules and messages of.
 * Set `seed` first where another run of choices is wanted. */
#ifndef TESTS_DESK_WORDS_H
#define TESTS_DESK_WORDS_H

#include <stddef.h>
#include <stdint.h>

static uint64_t seed = 20260301;

static size_t pick(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 11) % n;
}

#define PICK(list) ((list)[pick(sizeof(list) / sizeof *(list))])

static const char *const nouns[] = {
	"课程", "退款", "优惠券", "会员", "发票", "直播", "回放", "作业", "证书", "账号",
	"密码", "订单", "视频",	  "老师", "班级", "进度", "考试", "成绩", "积分", "专栏",
	"音频", "客服", "缓存",	  "讲义", "题库", "试听", "课件", "社群", "打卡", "支付"};
static const char *const verbs[] = {"申请", "取消", "查询", "修改", "绑定", "购买", "续费", "开通",
				    "退订", "下载", "找回", "重置", "更换", "升级", "投诉", "领取"};
static const char *const english[] = {"card",	"account",  "refund",  "payment",
				      "course", "coupon",   "invoice", "video",
				      "lesson", "password", "order",   "fee"};

#endif
