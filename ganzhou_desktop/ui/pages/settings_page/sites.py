"""电脑清单: every PC that may write, its 核对码, and whether its copies are taken."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.services import sites
from ganzhou_desktop.services.sites import Site
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.settings_page.section import Section
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_model import ROW_ROLE, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import NO_VALUE
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, PlainLabel, SearchField

SEAT = "停用区级汇总的电脑要用恢复单"


class SitesSection(Section):
    """电脑清单 (office)."""

    key = "sites"
    title = "电脑清单"
    icon = "shield_checkmark"
    kinds = frozenset({"site", "merge", "undo"})

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self._refusal = ""
        self._sites: tuple[Site, ...] = ()
        self.stop = Button("停用…")
        self.lift = Button("恢复使用…")
        self.search = SearchField("单位、核对码、电脑名")
        self.model: TableModel[Site] = TableModel(
            [
                Column("谁的电脑", self._who, width=220, bold=True),
                Column("核对码", lambda s: s.code, width=220),
                Column("电脑名", lambda s: s.pc or NO_VALUE),
                Column("", lambda s: "本机" if s.here else "", width=76, tag=lambda s: "accent" if s.here else None),
                Column(
                    "状态",
                    lambda s: "已停用" if s.stopped else "可以写",
                    width=100,
                    tag=lambda s: "error" if s.stopped else "plain",
                ),
            ],
            tone=lambda s: "quiet" if s.stopped else "",
        )
        self.table = RowTable()
        self._lay_out()

        self.search.textChanged.connect(lambda _: self._fill())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._update())
        self.stop.clicked.connect(lambda: self._ask(lift=False))
        self.lift.clicked.connect(lambda: self._ask(lift=True))

    def _lay_out(self) -> None:
        self.stop.setObjectName("site_stop")
        self.lift.setObjectName("site_lift")
        self.table.setModel(self.model)
        self.table.setObjectName("sites_table")
        self.table.setAccessibleName("电脑清单")
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        self.search.setFixedWidth(theme.scaled(200))
        card = Card(flush=True)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GAP_L, 10, theme.GAP_L, 10)
        bar.setSpacing(theme.GAP_S)
        bar.addWidget(PlainLabel("电脑清单", "card"))
        bar.addStretch(1)
        bar.addWidget(self.search)
        bar.addWidget(self.stop)
        bar.addWidget(self.lift)
        card.body.setSpacing(0)
        card.body.addLayout(bar)
        card.body.addWidget(self.table, 1)
        note = PlainLabel(
            "收到新电脑写的第一份副本时核对“核对码”，认可后列在这里。电脑丢了、被别人用了就停用："
            "它以后写的副本一概不收，已经收下的内容不动；找回来可以恢复。",
            "note",
            wrap=True,
        )
        note.setContentsMargins(theme.GAP_L, 8, theme.GAP_L, 10)
        card.body.addWidget(note)
        self.column.addWidget(card, 1)

    def _who(self, site: Site) -> str:
        if site.scope == kinds.ALL:
            return "区级汇总"
        unit = self.session.plan.unit_by_id.get(site.scope)
        return site.scope if unit is None else unit.name

    def refresh(self) -> None:
        ledger = self.session.ledger
        self.session.operations.run_read(
            self,
            lambda _progress: (sites.list_sites(ledger), why_cannot_write(ledger)),
            self._show,
            busy=self.busy,
        )

    def _show(self, read: tuple[tuple[Site, ...], str]) -> None:
        self._sites, self._refusal = read
        self._fill()

    def _fill(self) -> None:
        chosen, wanted = self.chosen, self.search.text().casefold().strip()
        order = {u.id: u.order for u in self.session.plan.units}
        ordered = sorted(self._sites, key=lambda s: (order.get(s.scope, -1), s.stopped, s.code))
        rows = [s for s in ordered if wanted in f"{self._who(s)} {s.code} {s.pc}".casefold()]
        self.model.set_rows(rows)
        for i, site in enumerate(rows):
            if chosen is not None and (site.scope, site.site) == (chosen.scope, chosen.site):
                self.table.selectRow(i)
        self._update()

    @property
    def chosen(self) -> Site | None:
        """The PC chosen in the table."""
        site = self.table.currentIndex().data(ROW_ROLE)
        return site if isinstance(site, Site) else None

    def _update(self) -> None:
        site = self.chosen
        stopped = site is not None and site.stopped
        self.stop.setVisible(not stopped)
        self.lift.setVisible(stopped)
        seat = site is not None and site.scope == kinds.ALL
        reason = self._refusal or ("先在表里选一台电脑" if site is None else SEAT if seat else "")
        self.stop.set_enabled_because(not reason, reason)
        self.lift.set_enabled_because(not reason, reason)

    def _ask(self, *, lift: bool) -> None:
        site = self.chosen
        if site is None:
            return
        who = self._who(site)
        if lift:
            title, text, yes = "恢复使用", f"{who}的电脑（{site.code}）以后写的副本重新收下。", "恢复使用"
        else:
            title, yes = "停用这台电脑", "停用"
            text = (
                f"{who}的电脑（{site.code}）以后写的副本一概不收；已经收下的内容不动。"
                "这家单位要继续填报，请在另一台电脑上接收下发副本，再认可那台电脑。"
            )
        if not self.session.messages.confirm(self, title, text, yes):
            return
        ledger, key = self.session.ledger, site.site

        def done(_: Site) -> None:
            self.told.emit(f"{who}的电脑{'恢复使用' if lift else '停用'}了，随下次下发副本告诉各单位。", "done")
            self.refresh()

        self.session.operations.run_write(
            self,
            title,
            lambda _progress: sites.stop_site(ledger, key, lift=lift),
            done,
            kinds={"site"},
            busy=self.busy,
        )
