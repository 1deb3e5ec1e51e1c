"""What is left of an erased petition, and what keeps one from being erased."""

from __future__ import annotations

from django.db import models

from huiyin.registry.bodies import Officer


class Tombstone(models.Model):
    """That a petition was here, and when, why and by whom its content was destroyed."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.PROTECT, related_name="tombstone", primary_key=True
    )
    erased_on = models.DateField()
    complete_on = models.DateField()  # by then no backup of the key store is left that is older
    ground = models.CharField(max_length=40)  # the article, or `house`
    batch = models.CharField(max_length=40)
    by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")  # null: the clerk

    def __str__(self) -> str:
        return f"{self.petition_id} {self.erased_on}"


class Hold(models.Model):
    """A petition is kept beyond its time: for which legal ground, by whom, until when."""

    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="holds")
    ground = models.CharField(max_length=300)
    article = models.CharField(max_length=60)
    by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateField()
    until = models.DateField()
    lifted_on = models.DateField(null=True)
    lifted_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.petition_id} {self.until}"
