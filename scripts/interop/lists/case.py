"""One list (or a base and its delta), who is asked about, and what a difference would be explained by."""

from dataclasses import dataclass, field

from authority import Authority


@dataclass
class Case:
    name: str
    maker: str
    authority: Authority
    # A complete list; with a delta, the delta after it.
    lists: list
    # cRLDistributionPoints of the certificates that are asked about.
    points: bytes = None
    # Whether those certificates are authorities themselves.
    asks_authorities: bool = False
    # Certificates beside issuer and target: signers of lists.
    additional: list = field(default_factory=list)
    # The undetermined_reason of every answer, where Akashi does not use the list, and the clause that says so.
    refused: str = None
    clause: str = ""
    # What certificates are that the list does not name.
    unlisted: str = "good -"
    # Serial numbers beside those that the script finds, for which `unlisted` must come.
    strangers: list = field(default_factory=list)
    # At most so many entries are asked through `akashi batch`; all are through `akashi crl`.
    asked: int = 400
    # Lists that say nothing of those certificates, but of the signer of the first.
    beside: list = field(default_factory=list)
