"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path

from huiyin.doors.public import (
    answers,
    assessments,
    bodies,
    checking,
    figures,
    found,
    log,
    open_data,
    opinions,
    pages,
    problems,
    questions,
    receptions,
    rules,
    source,
    subscribers,
)
from huiyin.site import standby

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("how/", pages.how, name="how"),
    path("charter/", pages.charter_page, name="charter"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("reception/", receptions.receptions, name="receptions"),
    path("reception/calendar.ics", receptions.reception_feed, name="reception-feed"),
    path("reception/<int:number>/", receptions.reception, name="reception"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<slug:code>/", questions.question, name="question"),
    path("problems/", problems.problems, name="problems"),
    path("problems/<int:number>/", problems.problem, name="problem"),
    path("answers/", answers.answers, name="answers"),
    path("answers/feed.atom", found.atom, name="answers-feed"),
    path("sitemap.xml", found.sitemap, name="sitemap"),
    path("robots.txt", found.robots, name="robots"),
    path("service.jsonld", found.service, name="service"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/<int:number>/", opinions.opinion, name="opinion"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:book>/", rules.rule, name="rule"),
    path("rules/<slug:book>/steps/", rules.steps, name="steps"),
    path("rules/<slug:book>/steps/<slug:verb>/", rules.step, name="step"),
    path("subscribers/", subscribers.subscribers, name="subscribers"),
    path("demands/", pages.demands, name="demands"),
    path("receipts/", pages.receipts, name="receipt-key"),
    path("receipt-key", pages.receipt_key_text, name="receipt-key-text"),
    path("log/", log.log, name="log"),
    path("log/verify.py", figures.program, name="log-program"),
    path("log/<path:path>", log.file, name="log-file"),
    path("receipts/check.html", checking.check, name="receipt-check"),
    path("figures/", figures.figures, name="figures"),
    path("figures/open/", open_data.listed, name="open-data"),
    path("figures/open/<slug:period>/<str:file>", open_data.download, name="open-data-file"),
    path("figures/measures/", figures.measures, name="measures"),
    path("figures/assessment/", assessments.assessments, name="assessments"),
    path("source/", source.source, name="source"),
    path("source/huiyin.zip", source.archive, name="source-archive"),
]
for each in urlpatterns:
    if isinstance(each, URLPattern):
        each.callback = standby.may_read(each.callback)
