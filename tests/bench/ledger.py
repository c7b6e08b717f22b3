"""A ledger of ten thousand approvals, no two of which rest on the same, and how long `assay audit verify` takes for it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace

from policy import grounds, ledger
from policy.digests import code
from policy.ledger import Comment, Decision, Digests, Draft, Kept, Personal
from policy.result import Status, Tier
from policy.rulings import Evidence
from policy.votes import Involved
from tests.bench.cases import ASSAY, BENCH, Row, _figures
from tests.bench.measure import run
from tests.policy.situations import NOW, STAGED, policy, vote
from tests.policy.test_digests import SUBJECT
from tests.policy.test_grounds import RULES, WHOLE
from tests.policy.test_grounds import grounds as situation

COUNT = 10_000
_PERSONAL = Personal(salt="a" * 32, actor_id=1, login="alice")


def approvals(count: int) -> Iterator[Kept]:
    """Approvals under a policy that says everything that one can say, each of a version and evidence of its own."""
    tail = None
    evidence = Evidence(Status.WARNED, "low", ["data/a.csv"], Status.PASSED, Status.FAILED, frozenset({Tier.PASS}), 1, 20)
    involved = [Involved("author", id=77), Involved("pusher", login="zed")]
    before = [replace(STAGED, approvers=frozenset({2}))]
    base = situation(rules=policy(RULES, WHOLE), evidence=evidence, involved=involved, promotions=before)
    for index in range(count):
        subject = SUBJECT.model_copy(update={"request": index + 1, "facts": f"sha256:{index:064x}"})
        said = [vote(person, comment=10 * index + person, code=code(subject)) for person in (1, 3, 4)]
        rests = replace(base, request=replace(base.request, subject=subject, votes=said))
        decision = rests.decide()
        about = ledger.Subject(
            model=subject.model, version=subject.version, environment=subject.environment, number=subject.request
        )
        draft = Draft(
            key=f"approved-{index}",
            decision=Decision.APPROVED,
            reason="request-approved",
            repository=subject.repository,
            subject=about,
            digests=Digests(decision_code=decision.code),
            comments=(Comment(id=said[0].comment, digest="a" * 64),),
            inputs=json.loads(ledger.canonical(grounds.kept(rests, decision))),
        )
        kept = ledger.append(tail, draft, _PERSONAL, NOW.isoformat())
        tail = kept.entry
        yield kept


def verified(quick: bool) -> list[Row]:
    """The whole process over a local branch: its history, its chain, and each approval decided again."""
    count = COUNT // 10 if quick else COUNT
    place = BENCH / "ledger"
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run(["git", "init", "--quiet", place], check=True)
    stream = bytearray()
    for kept in approvals(count):
        number, raw = kept.entry.sequence, ledger.write(kept)
        stream += f"commit refs/heads/{ledger.BRANCH}\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\ne\n".encode()
        stream += f"M 100644 inline {ledger.path(number)}\ndata {len(raw)}\n".encode() + raw + b"\n"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=place, input=bytes(stream), check=True)
    ours = run([*ASSAY, "audit", "verify", "--offline"], repeats=1 if quick else 3, cwd=place)
    what = f"`assay audit verify`, {count:,} approvals decided again"
    return [Row(what, _figures(ours), "—", "≤ 10 s", f"{ours.median:.1f} s", ours.median <= 10, {"ours": ours})]
