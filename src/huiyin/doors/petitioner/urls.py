"""Addresses of this door. None of them holds a reference or a key."""

from django.urls import URLPattern, URLResolver, path

from huiyin.doors.petitioner import (
    download,
    drafts,
    follow,
    letter,
    lodge,
    lost,
    mine,
    moves,
    pressure,
    receptions,
    relief,
    together,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("lodge/", lodge.lodge, name="lodge"),
    path("lodge/write/", lodge.write, name="write"),
    path("join/<slug:invitation>/", together.join, name="join"),
    path("mine/", mine.mine, name="mine"),
    path("follow/", follow.follow, name="follow"),
    path("follow/lost/", lost.lost, name="lost"),
    path("follow/leave/", follow.leave, name="leave"),
    path("follow/petition/", follow.petition, name="petition"),
    path("follow/petition/together/", together.together, name="together"),
    path("follow/part/", follow.part, name="part"),
    path("follow/petition/receipt/", follow.receipt, name="receipt"),
    path("follow/petition/other/<int:pk>/", follow.other_receipt, name="other-receipt"),
    path("follow/petition/proof/", follow.proof, name="proof"),
    path("follow/petition/download/", download.download, name="download"),
    path("follow/petition/case/", download.case_pdf, name="case-pdf"),
    path("follow/petition/document/<int:seq>/", letter.document, name="document"),
    path("follow/petition/drafts/", drafts.drafts, name="drafts"),
    path("follow/petition/document/<int:seq>/pdf/", letter.document_pdf, name="document-pdf"),
    path("follow/petition/file/<int:pk>/", follow.file, name="file"),
    path("follow/petition/reception/", receptions.receptions, name="receptions"),
    path("follow/petition/reception/<int:number>/", receptions.book, name="book"),
    path("follow/petition/reception/<int:number>/cancel/", receptions.cancel, name="cancel-booking"),
    path("follow/petition/pressure/", pressure.pressure, name="pressure"),
    path("follow/petition/relief/", relief.relief, name="relief"),
    path("follow/petition/relief/apply/", relief.apply, name="relief-apply"),
    path("follow/petition/relief/<uuid:pk>/back/", relief.back, name="relief-back"),
    path("follow/petition/do/<slug:verb>/", moves.move, name="move"),
]
