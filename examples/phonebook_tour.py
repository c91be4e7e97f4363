"""A tour of phonebooks: a .pbk file without RAS, then entries through RAS.

python examples/phonebook_tour.py                  on the simulator, anywhere; leaves your phonebooks alone
python examples/phonebook_tour.py rasphone.pbk     shows the entries of that file, on any system
"""

import asyncio
import dataclasses
import sys
import tempfile
from pathlib import Path

import rasdial_async as ras


def show(book: ras.PhonebookFile) -> None:
    for entry in book:
        print(f"  {entry.name}: {entry.device_type} {entry.device_name} {entry.phone_number}")


def edit_a_file(path: Path) -> None:
    """PhonebookFile changes single lines, and keeps every other byte of the file."""
    path.write_text("[Depot]\nMEDIA=serial\nDevice=Standard Modem\nDEVICE=modem\nPhoneNumber=555-0100\n")
    book = ras.PhonebookFile.read(path)
    book.set("Depot", "PhoneNumber", "555-0199")
    book.rename("Depot", "Warehouse")
    book.save()
    print("the file, after a change and a new name:")
    show(ras.PhonebookFile.read(path))


async def edit_through_ras(book: ras.Phonebook) -> None:
    """Phonebook calls RAS's own functions, so RAS checks the entries."""
    made = await book.create(ras.Entry.vpn("Office VPN", "vpn.example.com", protocol="ikev2"))
    print(f"created: {made.name} to {made.phone_number} on {made.device_name}")
    await book.update(dataclasses.replace(made, phone_number="vpn2.example.com"))
    await book.copy("Office VPN", "Office VPN (spare)")
    try:
        await book.rename("Office VPN (spare)", "a|b")
    except ras.PhonebookError as error:
        print(f"refused: {error.symbol}")
    print(f"entries: {[str(name) for name in await book.entries()]}")
    await book.delete("Office VPN (spare)")


async def tour() -> None:
    with tempfile.TemporaryDirectory() as folder, ras.Simulator(pace=0) as simulator:
        edit_a_file(Path(folder, "depot.pbk"))
        client = ras.RasClient(simulator)
        print(f"on {client!r}:")
        await edit_through_ras(client.phonebook())


if __name__ == "__main__":
    show(ras.PhonebookFile.read(sys.argv[1])) if sys.argv[1:] else asyncio.run(tour())
