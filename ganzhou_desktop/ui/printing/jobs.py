"""What can be printed, ready for the preview page: `session.go("preview", matrix_job(session.ledger, ...))`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.register_desk import EntryRow
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.choices import Options, Tick
from ganzhou_desktop.ui.printing.items import Document


@dataclass(frozen=True, slots=True)
class PreviewJob:
    """One thing to print.  `make` reads the ledger and lays out; `back` is the page to return to."""

    title: str
    note: str
    make: Callable[[Options], Document]
    back: str
    papers: Sequence[str] = ("A4P",)
    ticks: Sequence[Tick] = ()
    colours: bool = False
    file_name: str = ""
    printed: Callable[[], None] | None = None
    """Called when it was printed or saved as PDF."""


def matrix_job(
    ledger: Ledger,
    period: str,
    *,
    as_of: date | None = None,
    narrow: Callable[[Matrix], Matrix] | None = None,
    scope: str = "",
    back: str = "matrix",
) -> PreviewJob:
    """The matrix of a period, A3 or A4 landscape; `narrow` leaves the part of it that `scope` names."""

    def make(options: Options) -> Document:
        return papers.matrix_paper(
            ledger,
            period,
            paper=options.paper,
            as_of=as_of,
            colour=options.colour,
            signature="signature" in options.ticks,
            legend="legend" in options.ticks,
            imprint="imprint" in options.ticks,
            narrow=narrow,
            scope=scope,
        )

    return PreviewJob(
        "任务责任矩阵",
        texts.joined(
            (
                texts.period_text(period),
                f"机构按{texts.date_text(as_of)}" if as_of is not None else "",
                f"只印{scope}" if scope else "",
            )
        ),
        make,
        back,
        papers=("A3", "A4"),
        ticks=(
            Tick("repeat", "每页重复表头和前三列", fixed=True),
            Tick("legend", "印图例"),
            Tick("signature", "印签字栏"),
            Tick("imprint", "印台账名与时刻"),
        ),
        colours=True,
        file_name=f"任务责任矩阵_{period}",
    )


def filing_job(ledger: Ledger, unit: str, unit_name: str, period: str, *, back: str = "filing") -> PreviewJob:
    """A unit's filing for the 盖章."""
    return PreviewJob(
        f"{unit_name}填报表",
        texts.period_text(period),
        lambda _options: papers.filing_paper(ledger, unit, period),
        back,
        file_name=f"{unit_name}_{period}_填报表",
    )


def answer_job(ledger: Ledger, unit: str, unit_name: str, period: str, *, back: str = "exchange") -> PreviewJob:
    """回执单: the office's answer to a unit."""
    return PreviewJob(
        f"{unit_name}回执单",
        texts.period_text(period),
        lambda _options: papers.answer_paper(ledger, unit, period),
        back,
        file_name=f"{unit_name}_{period}_回执单",
    )


def figures_job(ledger: Ledger, *, back: str = "figures") -> PreviewJob:
    """提请核定清单."""
    return PreviewJob("提请核定清单", "", lambda _options: papers.figures_paper(ledger), back, file_name="提请核定清单")


def gauges_job(ledger: Ledger, on: date, *, back: str = "overview") -> PreviewJob:
    """Every gauge on one day."""
    return PreviewJob(
        "目标任务进度表",
        f"截至 {texts.date_text(on)}",
        lambda options: papers.gauges_paper(ledger, on, colour=options.colour),
        back,
        papers=("A4",),
        colours=True,
        file_name=f"目标任务进度表_{on.isoformat()}",
    )


def breakdown_job(ledger: Ledger, *, back: str = "matrix") -> PreviewJob:
    """任务分解表, A3 or A4 landscape."""
    return PreviewJob(
        "任务分解表",
        "责任领导一栏留给手填",
        lambda options: papers.breakdown_paper(ledger, paper=options.paper),
        back,
        papers=("A3", "A4"),
        file_name="任务分解表",
    )


def leader_job(ledger: Ledger, period: str, on: date, *, back: str = "overview") -> PreviewJob:
    """领导一页纸."""
    return PreviewJob(
        "领导一页纸",
        texts.period_text(period),
        lambda options: papers.leader_paper(ledger, period, on, colour=options.colour),
        back,
        colours=True,
        file_name=f"协调事项_{period}",
    )


def register_job(
    ledger: Ledger,
    register: str,
    name: str,
    rows: Sequence[EntryRow],
    *,
    on: date,
    unit: str = "",
    scope: str = "",
    back: str = "registers",
) -> PreviewJob:
    """A register as it is shown: these rows in this order; `scope`: the filter in words, `unit`: the one it was narrowed to."""
    return PreviewJob(
        f"{name}台账",
        texts.joined((f"截至{texts.date_text(on)}", f"{len(rows)} 条", f"只印{scope}" if scope else "")),
        lambda options: papers.register_paper(
            ledger, register, rows, on=on, unit=unit, scope=scope, paper=options.paper
        ),
        back,
        papers=("A4", "A3"),
        ticks=(Tick("repeat", "每页重复表头和第一列", fixed=True),),
        file_name=f"{name}台账_{on:%Y%m%d}",
    )


def questions_job(ledger: Ledger, *, back: str = "applications") -> PreviewJob:
    """提请区财政局明确事项."""
    return PreviewJob(
        "提请区财政局明确事项",
        "方案的补助没有写明的地方",
        lambda _options: papers.questions_paper(ledger),
        back,
        file_name="奖补提请明确事项",
    )


def sums_job(ledger: Ledger, on: date, *, back: str = "applications") -> PreviewJob:
    """奖补汇总表."""
    return PreviewJob(
        "奖补汇总表",
        f"截至 {texts.date_text(on)}",
        lambda _options: papers.sums_paper(ledger, on),
        back,
        papers=("A4",),
        file_name=f"奖补汇总表_{on:%Y%m%d}",
    )


def recovery_job(
    ledger: Ledger, code: str, *, printed: Callable[[], None] | None = None, back: str = "settings"
) -> PreviewJob:
    """恢复单."""
    return PreviewJob(
        "恢复单",
        "印好后锁进保险柜",
        lambda _options: papers.recovery_paper(ledger, code),
        back,
        file_name="恢复单",
        printed=printed,
    )
