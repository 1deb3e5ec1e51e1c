"""The seals a petition may have. None can be read by the process that writes it.

Each is locked under a data key of its own; that key lies, wrapped, in the key store (`store/`), outside of
this database and of its backups.
"""

from django.db import models


class Seal(models.Model):
    """What both seals share: locked JSON, and the id of the data key in the key store."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    sealed = models.BinaryField()
    data_key = models.UUIDField()
    sealed_at = models.DateTimeField()

    class Meta:
        abstract = True


class IdentitySeal(Seal):
    """Name, phone, e-mail and address of the author: opens only by `unseal`."""


class ContactSeal(Seal):
    """Where notices go: opens only for the courier."""


class WordsSeal(Seal):
    """What the author of a report against persons wrote: opens for whoever handles it, and for the author."""


class EntrySeal(models.Model):
    """What one move on a report said in words: opens for whoever handles the report, and for its author."""

    entry = models.OneToOneField(
        "registry.Entry", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    data_key = models.UUIDField()


class SignerSeal(models.Model):
    """Name and contacts of one who signed with others: padded, and without a date that would order them."""

    signature = models.OneToOneField(
        "registry.Signature", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    data_key = models.UUIDField()
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
    data_key = models.UUIDField()


class RepresentativesSeal(models.Model):
    """Up to five representatives who come together for one booked hour. Gone with the booking."""

    booking = models.OneToOneField(
        "registry.Booking", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    data_key = models.UUIDField()


class ReliefSeal(models.Model):
    """What somebody wrote when they asked for aid: under a key of its own, for the relief desk alone."""

    relief = models.OneToOneField(
        "registry.Relief", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    data_key = models.UUIDField()


class Spent(models.Model):
    """A data key whose seal is gone: it waits for the clerk, who destroys it in the key store.

    Whoever takes a seal away may only write this row; the public process deletes nothing in the key store.
    """

    data_key = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.data_key)
