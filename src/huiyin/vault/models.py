"""The seals a petition may have. Neither can be read by the process that writes it."""

from django.db import models


class Seal(models.Model):
    """What both seals share: a libsodium sealed box of JSON, and which key opens it."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()

    class Meta:
        abstract = True


class IdentitySeal(Seal):
    """Name, phone, e-mail and address of the author: opens only by `unseal`."""


class ContactSeal(Seal):
    """Where notices go: opens only for the courier."""


class SignerSeal(models.Model):
    """Name and contacts of one who signed with others: padded, and without a date that would order them."""

    signature = models.OneToOneField(
        "registry.Signature", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)
    reachable = models.BooleanField(default=False)  # agreed to be asked back by the body, under their name


class SignerContact(models.Model):
    """Where news goes for one who signed with others: opens only for the courier. Each signature has one, so
    that none tells whether an address was given.
    """

    signature = models.OneToOneField(
        "registry.Signature", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)


class RepresentativesSeal(models.Model):
    """Up to five representatives who come together for one booked hour. Gone with the booking."""

    booking = models.OneToOneField(
        "registry.Booking", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)


class ReliefSeal(models.Model):
    """What somebody wrote when they asked for aid: under a key of its own, for the relief desk alone."""

    relief = models.OneToOneField(
        "registry.Relief", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)
