#!/usr/bin/env python3
"""What the learners of the sample academy did in a year, as CSV for `kefu import events`.

    sample/events.py --courses sample/courses.csv > events.csv

Same seed, same courses: same events, byte for byte. Learners are called "1", "2", "3" ...
How they behave:
  taste       each learner belongs to a cluster of neighbouring categories (now and then to two),
              likes one category best, and looks around at random in one visit of twelve;
  level       beginners first; finishing a course opens the next level of its category;
  popularity  courses have a Zipf-like pull of their own;
  money       each learner has a budget; what costs more than it is seldom bought;
  time        the academy grows, so later months see more learners, and evenings more lessons.
"""

import argparse
import csv
import datetime
import math
import random
import sys

UNTIL = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
DAYS = 364

CLUSTERS = (
    ("编程开发", "前端开发", "云计算运维", "人工智能"),
    ("数据分析", "人工智能", "编程开发", "产品运营"),
    ("设计创意", "摄影摄像", "写作表达", "音乐艺术"),
    ("亲子教育", "烹饪生活", "心理成长", "财务理财"),
    ("职场提升", "英语学习", "产品运营", "写作表达"),
    ("考试考证", "英语学习", "日语学习", "职场提升"),
    ("运动健康", "心理成长", "烹饪生活", "音乐艺术"),
)
CLUSTER_SHARES = (24, 17, 15, 13, 13, 9, 9)
LEVELS = ("beginner", "intermediate", "advanced")
FIELDS = ("user", "course", "type", "value", "at", "minutes", "progress", "score")


def read_courses(path):
    with open(path, encoding="utf-8", newline="") as f:
        # Open lessons are watched without an account: nobody is known to have taken them.
        courses = [c for c in csv.DictReader(f) if float(c["price"]) > 0]
    for course in courses:
        course["price"] = float(course["price"])
        course["level"] = LEVELS.index(course["level"])
    return courses


def popularity(courses, rng):
    ranks = list(range(1, len(courses) + 1))
    rng.shuffle(ranks)
    return {c["id"]: 1 / rank**0.7 for c, rank in zip(courses, ranks)}


class Learner:
    def __init__(self, name, rng):
        self.name = name
        self.rng = rng
        self.taste = self.draw_taste()
        self.language = "en" if rng.random() < 0.15 else "zh"
        self.budget = rng.lognormvariate(math.log(200), 0.6)
        self.zeal = rng.betavariate(2, 2)
        self.level = {c: 1 for c, w in self.taste.items() if w >= 8 and rng.random() < 0.3}
        self.taken = set()

    def draw_taste(self):
        """Weight of each category; what is not in it weighs nothing."""
        taste = {}
        for _ in range(2 if self.rng.random() < 0.2 else 1):
            cluster = list(self.rng.choices(CLUSTERS, CLUSTER_SHARES)[0])
            first = self.rng.choices(cluster, (5, 3, 2, 2))[0]
            for category in cluster:
                taste[category] = taste.get(category, 0) + (8 if category == first else 1.5)
        return taste

    def pull(self, course, popular):
        """How strongly a course attracts: taste, level, language, price and fame multiply."""
        weight = self.taste.get(course["category"], 0)
        gap = course["level"] - self.level.get(course["category"], 0)
        weight *= {0: 1, 1: 0.35, -1: 0.35, -2: 0.15}.get(gap, 0.05)
        weight *= 1 if course["language"] == self.language else 0.08
        weight *= math.exp(-max(0, course["price"] - self.budget) / 120)
        return weight * popular[course["id"]]

    def choose(self, courses, popular):
        open_courses = [c for c in courses if c["id"] not in self.taken]
        if self.rng.random() < 1 / 12:
            return self.rng.choice(open_courses)
        weights = [self.pull(c, popular) for c in open_courses]
        if sum(weights) == 0:
            return self.rng.choice(open_courses)
        return self.rng.choices(open_courses, weights)[0]

    def likes(self, course):
        """0..1: the chance to buy after looking."""
        taste = min(1, self.taste.get(course["category"], 0) / 8)
        afford = math.exp(-max(0, course["price"] - self.budget) / 100)
        return (0.12 + 0.5 * taste) * afford


def evening(day, rng):
    """A moment of that day, UTC; most lessons are taken in the evening of Beijing."""
    hour = min(15.9, max(0, rng.gauss(12.5, 2.2))) if rng.random() < 0.7 else rng.uniform(0, 15.9)
    return day + datetime.timedelta(seconds=int(hour * 3600))


def study(learner, course, day, log):
    """Lessons, then perhaps the end of the course and a rating; gives the last day."""
    rng = learner.rng
    fit = min(1, learner.taste.get(course["category"], 0) / 8)
    reach = min(1, rng.betavariate(1 + 3 * learner.zeal + 2 * fit, 2))
    if reach > 0.85:
        reach = 1
    sittings = max(1, round(reach * rng.randint(2, 6)))
    for n in range(1, sittings + 1):
        log(day, "study", minutes=rng.randint(12, 75), progress=round(reach * n / sittings, 2),
            score=rng.randint(55, 100) if rng.random() < 0.3 else "")
        day += datetime.timedelta(days=rng.randint(1, 6))
    if reach == 1:
        log(day, "complete", value=1)
        level = learner.level.get(course["category"], 0)
        learner.level[course["category"]] = min(2, max(level, course["level"] + 1))
    if rng.random() < 0.25 + 0.35 * reach:
        stars = round(rng.gauss(2.6 + 1.2 * fit + 1.3 * reach, 0.7))
        log(day, "rate", value=min(5, max(1, stars)))
    return day


def live(learner, courses, popular, rows):
    """One learner's year: looks at courses one after another, buys some and studies those."""
    rng = learner.rng
    last = UNTIL - datetime.timedelta(days=DAYS + 1)
    day = UNTIL - datetime.timedelta(days=1 + int(DAYS * rng.random() ** 1.4))
    for _ in range(max(2, round(rng.lognormvariate(2.0, 0.5)))):
        course = learner.choose(courses, popular)

        def log(when, kind, value="", **more):
            nonlocal last
            at = max(evening(when, rng), last + datetime.timedelta(minutes=2))
            if at < UNTIL:
                last = at
                rows.append(dict(user=learner.name, course=course["id"], type=kind, value=value,
                                 at=at.strftime("%Y-%m-%dT%H:%M:%SZ"), **more))

        for _ in range(rng.choice((1, 1, 2, 3))):
            log(day, "view", value=1)
        if rng.random() < learner.likes(course):
            learner.taken.add(course["id"])
            log(day, "purchase" if course["price"] > 60 or rng.random() < 0.5 else "enroll", value=1)
            day = study(learner, course, day + datetime.timedelta(days=1), log)
        day += datetime.timedelta(days=rng.randint(1, 9))
        if day >= UNTIL:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--courses", required=True, help="the catalogue, as for kefu import courses")
    parser.add_argument("--learners", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261101)
    args = parser.parse_args()
    courses = read_courses(args.courses)
    popular = popularity(courses, random.Random(args.seed))
    rows = []
    for n in range(1, args.learners + 1):
        live(Learner(str(n), random.Random(args.seed * 1000003 + n)), courses, popular, rows)
    rows.sort(key=lambda row: (row["at"], int(row["user"])))
    out = csv.DictWriter(sys.stdout, FIELDS, restval="", lineterminator="\n")
    out.writeheader()
    out.writerows(rows)


if __name__ == "__main__":
    main()
