"""A Windows service that keeps a VPN connected while it runs. Needs pywin32: pip install pywin32

python examples/windows_service.py            on the simulator, anywhere: its core for a second
python examples/windows_service.py install    on Windows, as administrator; then store, start, stop, remove
"""

import asyncio
import getpass
import sys
from collections.abc import Callable
from typing import Any

import rasdial_async as ras

try:
    import servicemanager
    import win32service
    import win32serviceutil
except ImportError:  # only the core runs
    win32serviceutil = None
ENTRY = "Office VPN"  # in the phonebook of all users: LocalSystem has none of its own


async def keep(client: ras.RasClient, tell: Callable[[str], object], **login: Any) -> None:
    """Keep the VPN connected until canceled, and ask nobody. Raises the error that retrying cannot mend."""
    async with ras.keep_connected(ENTRY, client=client, options=ras.DialOptions.NO_USER, **login) as keeper:
        async for change in keeper.changes():
            tell(f"{client!r} {ENTRY}: {change}")


def store() -> None:
    """Store the login for every account that dials the entry, LocalSystem too."""
    credentials = ras.Credentials(input("User name: "), getpass.getpass())
    book, everybody = ras.all_users_phonebook(), ras.CredentialKind.ALL_USERS
    asyncio.run(ras.set_credentials(ENTRY, credentials, phonebook=book, kind=everybody))


if win32serviceutil:

    class KeepVpn(win32serviceutil.ServiceFramework):
        _svc_name_ = "KeepVpn"
        _svc_display_name_ = "Keep the office VPN connected"

        def __init__(self, arguments: list[str]) -> None:
            super().__init__(arguments)
            self.loop = asyncio.new_event_loop()
            login = {"phonebook": ras.all_users_phonebook(), "credentials": ras.Credentials.stored()}
            keeping = keep(ras.default_client(), servicemanager.LogInfoMsg, **login)  # into the event log
            self.keeping = self.loop.create_task(keeping)

        def SvcDoRun(self) -> None:  # the service ends when this returns, and has failed when it raises
            try:
                self.loop.run_until_complete(self.keeping)
            except asyncio.CancelledError:
                pass
            except ras.RasError as error:
                servicemanager.LogErrorMsg(f"{ENTRY} is not kept connected any more: {error} {error.hint}")
                raise
            finally:
                self.loop.close()

        def SvcStop(self) -> None:  # another thread calls this
            self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING, waitHint=15_000)
            self.loop.call_soon_threadsafe(self.keeping.cancel)


async def simulated() -> None:
    with ras.Simulator(pace=0.2) as simulator:
        simulator.add_entry(ENTRY)
        try:
            await asyncio.wait_for(keep(ras.RasClient(simulator), print), 1)
        except TimeoutError:  # after a second the service manager says stop
            print(f"stopped; ports still open: {simulator.counts.open_ports}")


if __name__ == "__main__":
    if sys.argv[1:] == ["store"]:
        store()
    else:
        win32serviceutil.HandleCommandLine(KeepVpn) if sys.argv[1:] else asyncio.run(simulated())
