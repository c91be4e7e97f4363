"""A board in the terminal: every entry with its state, live. Needs Textual: pip install textual

python examples/dial_board.py         on the simulator, anywhere
python examples/dial_board.py real    on Windows: the entries of the default phonebooks
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header

import rasdial_async as ras


class Board(App[None]):
    BINDINGS = [("d", "dial", "Dial"), ("h", "hang_up", "Hang up"), ("q", "quit", "Quit")]

    def __init__(self, client: ras.RasClient) -> None:
        super().__init__()
        self.client, self.title = client, repr(client)

    def compose(self) -> ComposeResult:
        yield from (Header(), DataTable(cursor_type="row"), Footer())

    async def on_mount(self) -> None:
        self.table = self.query_one(DataTable)
        for title, width in (("Entry", 24), ("State", 40)):
            self.table.add_column(title, key=title.lower(), width=width)
        for entry in await self.client.entries():
            self.table.add_row(str(entry), "", key=str(entry))

    def action_dial(self) -> None:
        entry = self.table.get_row_at(self.table.cursor_row)[0]
        self.run_worker(self.dial(entry), group=entry, exclusive=True)

    def action_hang_up(self) -> None:
        self.workers.cancel_group(self, self.table.get_row_at(self.table.cursor_row)[0])

    async def dial(self, entry: str) -> None:
        """Dial in a worker, which is an asyncio task: "h" cancels it, and so does the end of the program."""
        dialing, state = self.client.dial(entry, timeout=60), ""
        try:
            async for event in dialing:
                self.table.update_cell(entry, "state", f"{event.elapsed:5.2f} s  {event.state.name}")
            await (await dialing).wait_disconnected()
            state = "the line was lost"
        except ras.DialError as error:
            state = f"[red]{error.code} {error.symbol}"
        finally:
            await dialing.hang_up()
            self.table.update_cell(entry, "state", state)


if __name__ == "__main__":
    with ras.Simulator() as simulator:
        for entry in ("Office VPN", "Depot"):
            simulator.add_entry(entry)
        simulator.script("Depot", [ras.Step(ras.ConnectionState.OPEN_PORT), ras.Fail(676, after=0.5)])
        Board(ras.default_client() if sys.argv[1:] else ras.RasClient(simulator)).run()
